//! Sets the linker arguments that a Node-API module needs on this target.

fn main() {
    napi_build::setup();
}
