//! The steps of a plan: a file for each action says what the step reads and makes, and why it is
//! there. The engine has a file of the same name for each, which runs it.

pub(super) mod assemble_kit;
pub(super) mod compile;
pub(super) mod fetch;
pub(super) mod join;
pub(super) mod package;
pub(super) mod place;
pub(super) mod prepare_std;
pub(super) mod smoke;
pub(super) mod test;
pub(super) mod write_lock;
pub(super) mod write_manifest;
