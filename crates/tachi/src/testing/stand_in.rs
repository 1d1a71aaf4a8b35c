//! Programs that tests call, where the machine cannot start them by itself: qemu's user mode
//! emulates one program, and hands what that one starts to the kernel, which knows no such
//! files. While tests run, a script stands in each program's place and calls qemu.
//!
//! The place is the one that cargo has compiled into the tests (`CARGO_BIN_EXE_…`), and cargo's
//! own: each of its calls puts its programs back there, so that a run that was killed leaves
//! nothing wrong behind.

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
            // Cargo would put it back, too.
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
    fn a_script_stands_in_for_a_program_and_gives_way_to_it() {
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
