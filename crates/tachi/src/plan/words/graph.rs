//! The plan as a graph.

use std::fmt::Write;

use tachi_schema::plan::Plan;

use super::title;

/// The plan as a graph in the [DOT language](https://graphviz.org/doc/info/lang.html).
pub fn dot(plan: &Plan) -> String {
    let mut out = String::from("digraph plan {\n  rankdir = LR;\n  node [shape = box];\n");
    for step in &plan.steps {
        let _ = writeln!(
            out,
            "  {:?} [label = {:?}, tooltip = {:?}];",
            step.id.as_str(),
            title(step),
            step.why
        );
        for need in &step.needs {
            let _ = writeln!(out, "  {:?} -> {:?};", need.as_str(), step.id.as_str());
        }
    }
    out.push_str("}\n");
    out
}
