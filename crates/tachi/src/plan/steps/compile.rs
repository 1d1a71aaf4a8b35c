//! Calling cargo: one step for each call.

use tachi_schema::plan::{Artifact, Compile, Item};

use super::assemble_kit::kit;
use super::prepare_std::std;
use crate::plan::brief::Brief;
use crate::plan::call::Call;
use crate::plan::command;
use crate::plan::jobs;
use crate::plan::planner::{Draft, Planner, compiled};

/// The step of the call with this `number`, and a note where it gets fewer jobs than the
/// machine has cores.
pub(in crate::plan) fn draft(
    number: usize,
    call: &Call<'_>,
    brief: &Brief<'_>,
    planner: &Planner,
) -> (Draft, Option<String>) {
    let Brief { request, facts, profile, .. } = brief;
    let links = call.parts.iter().map(|part| part.products.len()).sum();
    let asked = request.jobs.or_else(|| facts.cargo_config.jobs());
    let jobs = jobs::decide(asked, facts.machine, profile.lto, links);
    let command::CargoCall { command, compiler_cache, rustc_wrapper } =
        command::command(request, facts, profile, call, jobs.count);
    let expected = call.expected(&facts.toolchain.rustc.host);
    let prepared = call.parts.iter().flat_map(|part| {
        let triple = &part.target.triple;
        [kit(triple), std(triple)].into_iter().filter(|item| planner.makes(item))
    });
    let draft = Draft {
        subject: number.to_string(),
        why: call.why.clone(),
        inputs: prepared.collect(),
        outputs: new(&expected, planner),
        action: Compile {
            targets: call.parts.iter().map(|part| part.target.triple.clone()).collect(),
            command,
            expected,
            compiler_cache,
            rustc_wrapper,
        }
        .into(),
    };
    (draft, jobs.note)
}

/// The files that this call is the first to make. Each call that selects files for the host (the
/// tests of a proc macro) reports them, but they are made once.
fn new(expected: &[Artifact], planner: &Planner) -> Vec<Item> {
    expected.iter().map(compiled).filter(|item| !planner.makes(item)).collect()
}
