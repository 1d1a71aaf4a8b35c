//! Writes a kit to disk: wrappers for its tools, and the stubs that stand for an SDK.

use camino::Utf8Path;

use super::decide::{Kit, Linker};
use super::error::ToolchainError;
use super::kit::Places;
use super::zig::Zig;
use super::{macos, windows, wrappers};
use crate::sys::clock::Stopwatch;
use crate::sys::interrupt::Interrupt;
use crate::sys::{fs, usage};

/// What kits are made from.
#[derive(Clone, Copy)]
pub struct Assembly<'a> {
    /// Where their parts go.
    pub places: &'a Places,
    /// zig's program; its libraries are beside it.
    pub zig: &'a Utf8Path,
    /// The program that answers the wrappers' calls.
    pub driver: &'a Utf8Path,
    /// Stops it half-way.
    pub interrupt: &'a Interrupt,
    /// Gets a sentence about slow work.
    pub say: &'a dyn Fn(String),
}

impl Assembly<'_> {
    /// Writes the files of `kit` that are not there yet.
    ///
    /// # Errors
    /// zig fails, or a file cannot be written.
    pub fn assemble(&self, kit: &Kit) -> Result<(), ToolchainError> {
        if kit.zig_target.is_none() {
            return Ok(());
        }
        wrappers::write(kit, self.places, self.zig, self.driver)?;
        if let Some(wrappers) = self.places.wrappers(kit) {
            usage::touch(&wrappers);
        }
        let zig_cache = self.places.zig_cache();
        usage::touch(&zig_cache);
        let zig = Zig { program: self.zig, cache: &zig_cache, interrupt: self.interrupt };
        let libraries = zig.libraries();
        fs::link_to(&libraries, &self.places.zig_libraries())?;
        match &kit.linker {
            Linker::Ld64 { sdk: None, .. } | Linker::Zig if kit.minimum_os.is_some() => {
                let library = libraries.join("libc/darwin/libSystem.tbd");
                macos::sdk::write(&self.places.macos_sdk(), &library)?;
                usage::touch(&self.places.macos_sdk());
            }
            Linker::LldLink { sdk: None, .. } => {
                self.windows_stubs(zig)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn windows_stubs(&self, zig: Zig<'_>) -> Result<(), ToolchainError> {
        let folder = self.places.windows_sdk();
        usage::touch(&folder);
        if windows::sdk::is_made(&folder) {
            return Ok(());
        }
        let what = "import libraries and start-up code for Windows, which later builds find";
        (self.say)(format!("making {what}"));
        let clock = Stopwatch::start();
        let mut wait = || (self.say)(format!("another Tachi is making {what}: waiting for it"));
        windows::sdk::write(&folder, zig, &mut wait)?;
        (self.say)(format!("made {what}: done in {:.0} s", clock.seconds()));
        Ok(())
    }
}
