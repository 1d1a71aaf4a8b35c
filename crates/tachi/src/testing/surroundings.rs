//! The surroundings that cargo gives a test executable: the package's folder, cargo's variables,
//! those of the build script, the package's programs, and the folders with shared libraries.

use camino::{Utf8Path, Utf8PathBuf};
use guppy::graph::PackageMetadata;
use tachi_schema::plan::{Artifact, ArtifactKind, StdSource};

use crate::cargo::expect::Produced;
use crate::cargo::invoke::without_outer_cargo;
use crate::cargo::messages::ScriptOutput;
use crate::sys::Command;
use crate::sys::env::Environment;
use crate::workspace::variables::Variables;

/// Where this system's programs look for shared libraries.
const LIBRARY_PATH: &str =
    if cfg!(target_os = "macos") { "DYLD_FALLBACK_LIBRARY_PATH" } else { "LD_LIBRARY_PATH" };

/// Where wine looks for them, as Windows paths.
const WINES_PATH: &str = "WINEPATH";

/// What is known of the compiled files around the tests of one target.
#[derive(Debug)]
pub struct Surroundings<'a> {
    /// Where the variables of programs come from.
    pub variables: Variables<'a>,
    /// The environment of this process.
    pub environment: &'a Environment,
    /// The compiler's own folder.
    pub sysroot: &'a Utf8Path,
    /// The rustc triple.
    pub target: &'a str,
    /// Where its standard library comes from.
    pub std: StdSource,
    /// The files that were compiled for it, programs among them.
    pub compiled: &'a [Produced],
    /// What build scripts gave, those of other targets and of the host included.
    pub scripts: &'a [ScriptOutput],
}

impl Surroundings<'_> {
    /// `command`, which runs the test `executable` at `path`, as cargo would run it.
    pub fn around(&self, command: Command, executable: &Artifact, path: &Utf8Path) -> Command {
        let mut command = without_outer_cargo(command);
        let members = self.variables.workspace.graph.workspace();
        let package = members.member_by_name(&executable.package).ok();
        if let Some(package) = &package {
            for (name, value) in self.script_variables(package) {
                command = command.env(name, value);
            }
            let folder = package.manifest_path().parent().unwrap_or(package.manifest_path());
            command = command.current_dir(folder.as_str());
        }
        command = self.variables.add(command, &executable.package);
        let output = output_folder(path);
        let may_call =
            matches!(executable.kind, ArtifactKind::IntegrationTest | ArtifactKind::BenchmarkTest);
        if may_call {
            for program in self.programs_of(&executable.package) {
                let name = format!("CARGO_BIN_EXE_{}", program.artifact.name);
                command = command.env(name, program.path.as_str());
            }
            if let Some(above) = output.parent() {
                command = command.env("CARGO_TARGET_TMPDIR", above.join("tmp").as_str());
            }
        }
        self.with_libraries(command, output)
    }

    /// The variables of the package's build script: what it set for the compiler, and
    /// `OUT_DIR`.
    fn script_variables(&self, package: &PackageMetadata<'_>) -> Vec<(String, String)> {
        let own = self.scripts.iter().filter(|script| script.package_id == package.id().repr());
        let for_target = |script: &&ScriptOutput| is_for(&script.out_dir, self.target);
        // A package may be compiled for the host, too; its script's folder then names no target.
        let script = own.clone().find(for_target).or_else(|| own.clone().next());
        let mut variables = script.map(|script| script.env.clone()).unwrap_or_default();
        variables.extend(script.map(|script| ("OUT_DIR".into(), script.out_dir.to_string())));
        variables
    }

    fn programs_of(&self, package: &str) -> impl Iterator<Item = &Produced> {
        self.compiled.iter().filter(move |file| {
            file.artifact.kind == ArtifactKind::Executable && file.artifact.package == package
        })
    }

    /// The folders that cargo lets shared libraries be found in: those of build scripts below
    /// its own folder, its own, and the standard library's.
    fn with_libraries(&self, command: Command, output: &Utf8Path) -> Command {
        let of_scripts = self.scripts.iter().flat_map(|script| &script.library_folders);
        let mut folders: Vec<Utf8PathBuf> =
            of_scripts.filter(|folder| folder.starts_with(output)).cloned().collect();
        folders.extend([output.to_owned(), output.join("deps")]);
        if self.std != StdSource::Source {
            folders.push(self.sysroot.join("lib/rustlib").join(self.target).join("lib"));
        }
        let on_windows: Vec<String> = folders.iter().map(|folder| on_drive_z(folder)).collect();
        folders.extend(
            self.environment
                .var(LIBRARY_PATH)
                .into_iter()
                .flat_map(std::env::split_paths)
                .filter_map(|folder| Utf8PathBuf::from_path_buf(folder).ok()),
        );
        let folders: Vec<&str> = folders.iter().map(|folder| folder.as_str()).collect();
        let command = command.env(LIBRARY_PATH, folders.join(":"));
        if self.target.contains("-windows-") {
            return command.env(WINES_PATH, on_windows.join(";"));
        }
        command
    }
}

/// Whether a file in cargo's folder is for `target`, where cargo got a `--target`.
fn is_for(path: &Utf8Path, target: &str) -> bool {
    path.components().any(|part| part.as_str() == target)
}

/// `target/<triple>/<profile>` of `target/<triple>/<profile>/deps/<file>`.
fn output_folder(executable: &Utf8Path) -> &Utf8Path {
    executable.parent().and_then(Utf8Path::parent).unwrap_or(executable)
}

/// A path of this machine as wine shows it to programs.
fn on_drive_z(path: &Utf8Path) -> String {
    format!("Z:{}", path.as_str().replace('/', "\\"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_taken_apart_as_cargo_puts_them_together() {
        let executable = Utf8Path::new("/t/x86_64-pc-windows-msvc/debug/deps/it-1.exe");
        assert_eq!(output_folder(executable), "/t/x86_64-pc-windows-msvc/debug");
        assert!(is_for(executable, "x86_64-pc-windows-msvc"));
        assert!(!is_for(executable, "x86_64-pc-windows-gnu"));
        assert_eq!(on_drive_z("/t/debug".into()), "Z:\\t\\debug");
    }
}
