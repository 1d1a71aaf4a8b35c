//! JSON schemas ([2020-12](https://json-schema.org/draft/2020-12/schema)) of what Tachi writes for
//! other programs, and of tachi.toml. `docs/schema` holds them; editors and readers fetch them there.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use tachi_schema::event::Envelope;
use tachi_schema::manifest::Manifest;
use tachi_schema::plan::Plan;

use crate::config::file::ConfigFile;

/// Every schema, by the name of its file without `.schema.json`.
pub fn all() -> [(&'static str, Schema); 4] {
    [
        ("plan", written::<Plan>("The plan: what `cargo tachi plan --format json` prints")),
        ("event", written::<Envelope>("An event: a line of `--message-format json`")),
        ("manifest", written::<Manifest>("The manifest of a release: manifest.json")),
        ("tachi-toml", read::<ConfigFile>("The settings of a workspace: tachi.toml")),
    ]
}

/// Of what is written: every field that is always there is required.
fn written<T: JsonSchema>(title: &str) -> Schema {
    titled(
        SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>(),
        title,
    )
}

/// Of what is read: nothing is required that has a default.
fn read<T: JsonSchema>(title: &str) -> Schema {
    titled(SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>(), title)
}

fn titled(mut schema: Schema, title: &str) -> Schema {
    schema.insert("title".to_owned(), title.into());
    schema
}
