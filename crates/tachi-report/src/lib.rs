//! What came of a run, for people and for programs. Each report is a fold of the run's
//! [event stream](tachi_schema::event): it is shown one event after the other and says what it
//! makes of them. It needs nothing else, so a stream that was recorded
//! (`--message-format json`) gives the same report as the run itself.
//!
//! - [`lines`]: what a terminal shows while the run goes on;
//! - [`outcome`]: what tests came to, [`table`] for people and [`junit`] for CI;
//! - [`sarif`]: findings for code scanning and editors.
//!
//! ```
//! use tachi_report::{outcome, read};
//!
//! let recorded = r#"{"seq":0,"at":0.0,"event":"started","format":2,"tachi":"0.1.0"}
//! {"seq":1,"at":0.5,"event":"ended","success":true,"code":0,"seconds":0.5}"#;
//! let mut tests = outcome::Collector::default();
//! for envelope in read::envelopes(recorded.as_bytes()) {
//!     tests.see(&envelope?.event);
//! }
//! assert!(tests.finish().success());
//! # Ok::<(), read::ReadError>(())
//! ```

pub mod junit;
pub mod lines;
pub mod outcome;
pub mod read;
pub mod sarif;
pub mod table;
pub mod words;
