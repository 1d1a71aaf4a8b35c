//! The loop over a spec's steps.

use serde::Serialize;
use tachikoma_backends::{Backend, BackendError};
use tachikoma_common::metrics::STEPS_RUN;
use tachikoma_database::{DatabaseError, RowStore};
use tachikoma_forge::{forge, ForgeError};
use tachikoma_primitives::StepName;
use tachikoma_specs::{Source, Spec, Step};

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunReport {
    /// The spec's name.
    pub spec: String,
    /// Its steps in the order they ran.
    pub steps: Vec<StepReport>,
}

/// What a step did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepReport {
    /// The step's name.
    pub step: StepName,
    /// Rows it stored.
    pub rows: usize,
}

/// Why a run stopped.
#[derive(Debug, thiserror::Error)]
pub enum LoopError {
    /// A source has no backend.
    #[error("step '{step}': no backend")]
    Backend {
        /// The step.
        step: StepName,
        /// Why not.
        source: BackendError,
    },
    /// A source yielded nothing.
    #[error("step '{step}' failed")]
    Forge {
        /// The step.
        step: StepName,
        /// Why it failed.
        source: ForgeError,
    },
    /// The rows of a step could not be stored.
    #[error("the rows of step '{step}' were not stored")]
    Store {
        /// The step.
        step: StepName,
        /// Why not.
        source: DatabaseError,
    },
}

/// Runs the steps of `spec` in order, and stores the rows of each in `store` before the next one
/// starts. `open` makes a source's backend; programs pass [`tachikoma_backends::open`].
///
/// # Errors
/// When a step fails. The rows of the steps before it stay stored.
pub async fn run(
    spec: &Spec,
    open: impl Fn(&Source) -> Result<Box<dyn Backend>, BackendError>,
    store: &RowStore,
) -> Result<RunReport, LoopError> {
    let mut steps = Vec::with_capacity(spec.steps.len());
    for step in &spec.steps {
        steps.push(run_step(step, &open, store).await?);
    }
    Ok(RunReport {
        spec: spec.name.clone(),
        steps,
    })
}

async fn run_step(
    step: &Step,
    open: &impl Fn(&Source) -> Result<Box<dyn Backend>, BackendError>,
    store: &RowStore,
) -> Result<StepReport, LoopError> {
    #[cfg(feature = "telemetry")]
    let started = std::time::Instant::now();

    let name = || step.name.clone();
    let backends = (step.sources.iter().map(open))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|source| LoopError::Backend {
            step: name(),
            source,
        })?;
    let rows = forge(&backends).await.map_err(|source| LoopError::Forge {
        step: name(),
        source,
    })?;
    store
        .store(&rows)
        .await
        .map_err(|source| LoopError::Store {
            step: name(),
            source,
        })?;

    STEPS_RUN.add(1);
    tracing::info!(step = %step.name, rows = rows.len(), "step done");
    #[cfg(feature = "telemetry")]
    crate::telemetry::step_finished(&step.name, rows.len(), started.elapsed());
    Ok(StepReport {
        step: name(),
        rows: rows.len(),
    })
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use async_trait::async_trait;
    use mockall::mock;
    use tachikoma_primitives::Row;
    use tachikoma_specs::parse;

    use super::*;

    mock! {
        Source {}

        #[async_trait]
        impl Backend for Source {
            fn name(&self) -> String;
            async fn rows(&self) -> Result<Vec<Row>, BackendError>;
        }
    }

    const TWO_STEPS: &str = "
name: mocked
steps:
  - {name: first, sources: [{backend: http, url: 'http://one/'}]}
  - {name: second, sources: [{backend: http, url: 'http://two/'}, {backend: http, url: 'http://three/'}]}
";

    fn row(id: i64) -> Row {
        Row {
            id,
            name: format!("row {id}"),
            score: 0.5,
        }
    }

    /// A backend that is asked once and yields the row whose id is the length of the URL.
    fn answering(source: &Source) -> Box<dyn Backend> {
        let Source::Http { url } = source else {
            panic!("the specs of these tests have HTTP sources only");
        };
        let id = i64::try_from(url.len()).unwrap();
        let mut backend = MockSource::new();
        backend
            .expect_rows()
            .times(1)
            .returning(move || Ok(vec![row(id)]));
        Box::new(backend)
    }

    fn failing(source: &Source) -> Box<dyn Backend> {
        let name = format!("{source:?}");
        let mut backend = MockSource::new();
        backend.expect_name().return_const(name);
        backend.expect_rows().returning(|| {
            Err(BackendError::Json {
                url: "mock".into(),
                source: serde_json::from_str::<Row>("{}").unwrap_err(),
            })
        });
        Box::new(backend)
    }

    #[tokio::test]
    async fn every_source_is_asked_once_and_its_rows_are_stored() {
        let dir = tempfile::tempdir().unwrap();
        let store = RowStore::create(&dir.path().join("rows.db")).await.unwrap();
        let spec = parse(TWO_STEPS).unwrap();

        let report = run(&spec, |source| Ok(answering(source)), &store)
            .await
            .unwrap();

        let counts: Vec<usize> = report.steps.iter().map(|step| step.rows).collect();
        assert_eq!(counts, [1, 2]);
        assert_eq!(store.rows().await.unwrap(), [row(11), row(13)]);
        store.close().await;
    }

    #[tokio::test]
    async fn the_steps_before_a_failure_stay_stored() {
        let dir = tempfile::tempdir().unwrap();
        let store = RowStore::create(&dir.path().join("rows.db")).await.unwrap();
        let spec = parse(TWO_STEPS).unwrap();
        let one = spec.steps[0].sources[0].clone();

        let open = |source: &Source| {
            Ok(if *source == one {
                answering(source)
            } else {
                failing(source)
            })
        };
        let error = run(&spec, open, &store).await.unwrap_err();

        assert_eq!(error.to_string(), "step 'second' failed");
        assert!(error.source().is_some());
        assert_eq!(store.rows().await.unwrap(), [row(11)]);
        store.close().await;
    }
}
