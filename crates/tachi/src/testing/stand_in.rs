//! Scripts in place of programs that tests call and this machine cannot start by itself: qemu's
//! user mode emulates one program, and hands the programs that it starts to the kernel, which does
//! not know such files. While tests run, a script in each program's place calls qemu.
//!
//! The place is cargo's own, as compiled into the tests (`CARGO_BIN_EXE_…`): each call of cargo
//! puts its programs back, so a killed run leaves nothing wrong behind.

use camino::{Utf8Path, Utf8PathBuf};

use crate::sys::{Command, SysError, fs};

/// The folder beside the programs that they are moved to.
const FOLDER: &str = "under-qemu";

/// Scripts that stand in for programs until this value is dropped.
#[derive(Debug, Default)]
pub struct StandIns {
    /// The programs: where each is now, and where it belongs.
    moved: Vec<(Utf8PathBuf, Utf8PathBuf)>,
}

impl StandIns {
    /// Puts scripts into the places of `programs`, which call `qemu` with them.
    ///
    /// # Errors
    /// A file cannot be moved or written; then all programs are back in their places.
    pub fn put<'a>(
        programs: impl IntoIterator<Item = &'a Utf8Path>,
        qemu: &Command,
    ) -> Result<Self, SysError> {
        let mut stand_ins = Self::default();
        for program in programs {
            let folder = program.parent().unwrap_or(program).join(FOLDER);
            let real = folder.join(program.file_name().unwrap_or_default());
            fs::create_dir_all(&folder)?;
            fs::rename(program, &real)?;
            stand_ins.moved.push((real.clone(), program.to_owned()));
            // qemu tells the program by which name it was called.
            let called = format!("{qemu} -0 \"$0\" {}", Command::new(real.as_str()));
            fs::write_new(program, 0o755, &mut script(&called).as_bytes())?;
        }
        Ok(stand_ins)
    }
}

impl Drop for StandIns {
    fn drop(&mut self) {
        for (real, place) in &self.moved {
            // If this fails, cargo's next call puts it back.
            let _ = fs::rename(real, place);
        }
    }
}

/// A script that becomes `command`, a line of shell, with its own arguments.
pub(super) fn script(command: &str) -> String {
    format!("#!/bin/sh\nexec {command} \"$@\"\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::interrupt::Interrupt;
    use crate::sys::run;

    #[test]
    fn a_script_replaces_a_program_until_it_is_dropped() {
        let folder = fs::temporary_dir_in("/tmp".into()).unwrap();
        let folder = fs::utf8(folder.path()).unwrap();
        let program = folder.join("my app");
        fs::write_new(&program, 0o755, &mut script("echo real").as_bytes()).unwrap();
        let call = || {
            let command = Command::new(program.as_str()).arg("a b");
            run::capture(&command, &Interrupt::default()).unwrap().trim().to_owned()
        };
        let stand_ins = StandIns::put([&*program], &Command::new("echo").arg("qemu")).unwrap();
        let real = folder.join(FOLDER).join("my app");
        assert_eq!(call(), format!("qemu -0 {program} {real} a b"));
        drop(stand_ins);
        assert_eq!(call(), "real a b");
    }
}
