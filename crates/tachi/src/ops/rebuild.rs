//! Making a release twice, the second time from a copy of the same sources under other conditions,
//! and comparing every file byte for byte.
//!
//! 1. [`Sources::find`]: which sources, and whether they can be copied.
//! 2. [`Prepared::run`]: the first build.
//! 3. [`Sources::copy`]: the sources in another folder.
//! 4. [`vary::prepare`]: what differs from the first build, and how it is made to differ.
//! 5. [`arguments::of`]: the same request for the second build, which a `cargo-tachi` makes.
//! 6. [`TargetFolders::compare`]: which files differ, where, and why, most likely.

use camino::{Utf8Path, Utf8PathBuf};
use tachi_schema::event::{Envelope, Event};
use tachi_schema::rebuild::Variation;

use super::{Error, Prepared};
use crate::exit_code::ExitCode;
use crate::rebuild::RebuildError;
use crate::rebuild::arguments::{self, Other};
use crate::rebuild::folders::TargetFolders;
use crate::rebuild::sources::Sources;
use crate::rebuild::vary::{self, First, Folders};
use crate::session::Session;
use crate::stream::EventStream;
use crate::sys::fs;
use crate::sys::run::{self, Stream};

/// How a rebuild is done.
///
/// ```no_run
/// use tachi::{Builder, Rebuild, Session};
///
/// # fn main() -> Result<(), tachi::Error> {
/// let mut session = Session::of_this_process()?;
/// session.driver = "/usr/local/bin/cargo-tachi".into();
/// let how = Rebuild { folder: Some("/var/tmp".into()) };
/// let different = Builder::new().rebuild(&how, &session, &|_event| {})?;
/// assert_eq!(different, 0);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rebuild {
    /// Where the second build is made, in a folder of its own; the system's folder for
    /// temporary files if absent.
    pub folder: Option<Utf8PathBuf>,
}

/// Makes the release of `prepared`, whose goal is `dist`, then makes it again under other
/// conditions, and compares all finished files and packages. Returns the number of files that
/// differ; the second build's are then below `rebuild` beside the first one's packages.
///
/// The second build is made by [`Session::driver`], which has to be a `cargo-tachi`.
///
/// # Errors
/// A build fails, or there is no commit to build from.
pub fn rebuild(
    prepared: &mut Prepared,
    how: &Rebuild,
    session: &Session,
    emit: &(dyn Fn(Envelope) + Sync),
) -> Result<usize, Error> {
    prepared.check_sources()?;
    let plan = prepared.plan().clone();
    EventStream::run(emit, Some(&plan), Error::code, |stream| {
        let different = both_builds(prepared, how, session, stream)?;
        if different > 0 {
            stream.fail(ExitCode::Rebuild as u8);
        }
        Ok(different)
    })
}

fn both_builds(
    prepared: &mut Prepared,
    how: &Rebuild,
    session: &Session,
    stream: &EventStream<'_>,
) -> Result<usize, Error> {
    let sources = {
        let facts = &prepared.facts;
        Sources::find(&facts.workspace, facts.sources.as_ref(), session)?
    };
    prepared.run_in(session, stream)?;
    let environment = &session.environment;
    let temporary = environment.var("TMPDIR").unwrap_or("/tmp").into();
    let scratch = environment.absolute(how.folder.as_deref().unwrap_or(temporary));
    let scratch = fs::temporary_dir_in(&scratch)?;
    let folders = Folders::below(fs::utf8(scratch.path())?);
    second_build(prepared, &sources, &folders, session, stream)
}

fn second_build(
    prepared: &Prepared,
    sources: &Sources,
    folders: &Folders,
    session: &Session,
    stream: &EventStream<'_>,
) -> Result<usize, Error> {
    let (facts, request) = (&prepared.facts, &prepared.request);
    let first_target = &facts.target_dir;
    sources.copy(&folders.sources, first_target, session)?;
    let asked =
        request.jobs.or_else(|| facts.cargo_config.jobs()).unwrap_or(facts.machine.cores.get());
    let jobs = (asked, asked + 1);
    let first = First {
        environment: &facts.environment,
        cache: &facts.cache,
        cargo: &facts.toolchain.cargo,
        rustc: &facts.toolchain.rustc.path,
        sources: &sources.root,
        jobs: jobs.0,
    };
    let mut conditions = vary::prepare(&first, folders, jobs.1, session)?;
    let (first, second) = (first_target.to_string(), folders.target.to_string());
    // Before the sources' folder, in which the target folder usually lies.
    conditions.varied.insert(0, Variation { what: "target folder".into(), first, second });
    stream.emit(Event::RebuildStarted {
        folder: folders.sources.to_string(),
        varied: conditions.varied.clone(),
        kept: conditions.kept.clone(),
    });
    let here = session.environment.current_dir();
    let moved = |path: &Utf8Path| sources.moved(path, &folders.sources);
    let manifest = request.manifest_path.as_ref();
    let manifest = manifest.map(|path| moved(&session.environment.absolute(path)));
    let other =
        Other { manifest_path: manifest.as_deref(), target_dir: &folders.target, jobs: jobs.1 };
    let args = arguments::of(request, other);
    let command = conditions.command(session.driver.as_str(), args, &moved(here));
    let ended = run::stream(&command, &session.interrupt, &mut |line| pass_on(line, stream))?;
    if !ended.success() {
        return Err(RebuildError::Second {
            status: ended.status,
            code: ended.code,
            folder: folders.sources.clone(),
            command: command.to_string(),
        }
        .into());
    }
    let targets = TargetFolders {
        first: first_target,
        second: &folders.target,
        varied: &conditions.varied,
        session,
        stream,
    };
    let mut different = 0;
    for manifest in prepared.plan().manifests().map(Utf8Path::new) {
        different += targets.compare(manifest.strip_prefix(first_target).unwrap_or(manifest))?;
    }
    Ok(different)
}

/// Passes on those events of the second build that the first has not told already.
fn pass_on(line: run::Line, stream: &EventStream<'_>) {
    if line.stream == Stream::Stderr {
        stream.emit(Event::Output { status: false, line: line.text });
        return;
    }
    let Ok(Envelope { step, event, .. }) = serde_json::from_str(&line.text) else { return };
    match event {
        // The first build has told the same.
        Event::Started { .. }
        | Event::PlanChanged { .. }
        | Event::Note { .. }
        | Event::Ended { .. }
        | Event::Finished { .. }
        | Event::Finding { .. }
        | Event::Verified { .. } => {}
        event => match step {
            Some(step) => stream.of_step(&step.within("rebuild"))(event),
            None => stream.emit(event),
        },
    }
}
