//! The shell commands that a document shows. Plain std and no paths of this crate: the
//! tests that run them include this very file, so that tidy accepts what they run.
//!
//! A fenced block marked `console` holds commands, each after `$ ` with its
//! continuation lines after `> `; other lines are output. An HTML comment
//! `<!-- not run: why -->` above the fence keeps the test from running it.

/// One fenced block of commands.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// The line of its fence, from 1.
    pub(crate) line: usize,
    /// Its commands in order.
    pub(crate) commands: Vec<String>,
    /// Why the test leaves it out, if it does.
    pub(crate) not_run: Option<String>,
}

/// The blocks of commands, or the places where a block is not in that form.
pub(crate) fn read(markdown: &str) -> Result<Vec<Block>, Vec<(usize, String)>> {
    let mut blocks = Vec::new();
    let mut faults = Vec::new();
    let mut lines = markdown.lines().enumerate();
    let mut above = "";
    while let Some((index, line)) = lines.next() {
        let fence = line.trim_start();
        let Some(info) = fence.strip_prefix("```") else {
            if !fence.is_empty() {
                above = fence;
            }
            continue;
        };
        let inside: Vec<&str> = lines
            .by_ref()
            .map(|(_, line)| line.trim())
            .take_while(|line| !line.starts_with("```"))
            .collect();
        let not_run = reason(std::mem::take(&mut above));
        match info.trim() {
            "console" => match commands(&inside) {
                Ok(commands) => blocks.push(Block { line: index + 1, commands, not_run }),
                Err(fault) => faults.push((index + 1, fault.to_owned())),
            },
            "sh" | "bash" | "shell" | "zsh" => {
                faults.push((
                    index + 1,
                    "a block of shell commands is not marked `console`".to_owned(),
                ));
            }
            _ if inside.iter().any(|line| line.starts_with("$ ") || line.starts_with("cargo ")) => {
                faults
                    .push((index + 1, "a block with commands is not marked `console`".to_owned()));
            }
            _ => {}
        }
    }
    if faults.is_empty() { Ok(blocks) } else { Err(faults) }
}

fn commands(lines: &[&str]) -> Result<Vec<String>, &'static str> {
    let mut commands: Vec<String> = Vec::new();
    for line in lines {
        if let Some(command) = line.strip_prefix("$ ") {
            commands.push(command.to_owned());
        } else if let Some(more) = line.strip_prefix("> ")
            && let Some(last) = commands.last_mut().filter(|last| last.ends_with('\\'))
        {
            last.pop();
            last.push_str(more);
        } else if line.starts_with("cargo ") {
            return Err("a command does not begin with `$ `");
        }
    }
    if commands.is_empty() {
        return Err("a `console` block has no line that begins with `$ `");
    }
    Ok(commands)
}

fn reason(comment: &str) -> Option<String> {
    let why = comment.strip_prefix("<!-- not run:")?.strip_suffix("-->")?.trim();
    (!why.is_empty()).then(|| why.to_owned())
}
