//! The facts of a Mach-O file, which is for one architecture.

use object::macho;
use object::read::macho::LoadCommandVariant;
use serde::Serialize;

use crate::architecture::{Architecture, Endianness};
use crate::bytes::{hex, name, require};
use crate::error::BinaryError;
use crate::format::{Format, Kind};
use crate::macho::cpu::Cpu;
use crate::macho::duplicates::Duplicates;
use crate::macho::dylib::{Dylib, DylibUse, version};
use crate::macho::image::Image;
use crate::macho::imports::{self, MachOImport, Places};
use crate::macho::symbols::{Symbol, Symbols};
use crate::version::Version;

const FORMAT: Format = Format::MachO;

/// The facts of a Mach-O file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct MachOFacts {
    /// The processor architecture (`cputype`).
    pub architecture: Architecture,
    /// The variant of the architecture (`cpusubtype`), where it is not the usual one: `arm64e`,
    /// `x86_64h`.
    pub variant: Option<&'static str>,
    /// The width of addresses in bits, 32 or 64.
    pub bits: u8,
    /// The byte order of its numbers.
    pub endianness: Endianness,
    /// Whether it is a program, a library, an object file or something else (`filetype`).
    pub kind: Kind,
    /// Whether it is a position-independent executable (`MH_PIE`).
    pub pie: bool,
    /// The system it was linked for (`LC_BUILD_VERSION`): `macos`, `ios`, `ios-simulator`, …;
    /// none if the file does not name one.
    pub platform: Option<&'static str>,
    /// The oldest release of that system on which it runs.
    pub minimum_os: Option<Version>,
    /// The version of the SDK it was linked with; none if the linker knew no SDK.
    pub sdk: Option<Version>,
    /// Its own name as a library (`LC_ID_DYLIB`).
    pub install_name: Option<String>,
    /// The libraries it needs, in the order of the file.
    pub dylibs: Vec<Dylib>,
    /// Symbols that the loader looks for in all libraries of the process, because the linker
    /// did not know their library (flat lookup). The names are those of the file, sorted.
    pub flat_lookups: Vec<String>,
    /// The symbols that its libraries must define.
    pub imports: Vec<MachOImport>,
    /// Load commands that the file has twice, which newer systems refuse: `dylib …`, `rpath …`,
    /// or the name of a command that a file may have once (`LC_UUID`).
    pub duplicate_commands: Vec<String>,
    /// The folders for which `@rpath` stands (`LC_RPATH`).
    pub rpaths: Vec<String>,
    /// The identity of this build that the linker wrote (`LC_UUID`), in lower-case
    /// hexadecimal.
    pub uuid: Option<String>,
    /// Whether it has a code signature. The signature is not checked.
    pub signed: bool,
    /// Whether it has neither debugging symbols (`N_STAB`) nor local symbols.
    pub stripped: bool,
    /// Whether its stack is executable (`MH_ALLOW_STACK_EXECUTION`).
    pub stack_execution: bool,
    /// Whether its heap is not executable on 32-bit x86, where it is by default
    /// (`MH_NO_HEAP_EXECUTION`). On other processors the heap is never executable.
    pub heap_execution_denied: bool,
    /// The names of the segments that are writable and executable at once.
    pub writable_executable: Vec<String>,
    /// Whether it imports `__stack_chk_fail` or `__stack_chk_guard`: some functions guard their
    /// return address.
    pub stack_protector: bool,
}

pub(crate) fn read(bytes: &[u8]) -> Result<MachOFacts, BinaryError> {
    let malformed = |error: object::read::Error| BinaryError::malformed(FORMAT, &error);
    let image = Image::read(bytes).map_err(|what| BinaryError::malformed(FORMAT, what))?;
    let (header, endian) = (image.header, image.endian());
    let flags = header.flags;
    let mut facts = MachOFacts {
        architecture: header.cpu.architecture(),
        variant: variant_of(header.cpu),
        bits: if header.encoding.is_64 { 64 } else { 32 },
        endianness: header.encoding.endian,
        kind: kind_of(header.file_type),
        pie: flags.contains(macho::MH_PIE),
        platform: None,
        minimum_os: None,
        sdk: None,
        install_name: None,
        dylibs: Vec::new(),
        flat_lookups: Vec::new(),
        imports: Vec::new(),
        duplicate_commands: Vec::new(),
        rpaths: Vec::new(),
        uuid: None,
        signed: false,
        stripped: true,
        stack_execution: flags.contains(macho::MH_ALLOW_STACK_EXECUTION),
        heap_execution_denied: flags.contains(macho::MH_NO_HEAP_EXECUTION),
        writable_executable: writable_executable(&image)?,
        stack_protector: false,
    };
    let mut duplicates = Duplicates::default();
    let mut places = Places::default();
    for command in image.commands() {
        let text = |string| {
            command.string(endian, string).map_err(malformed).and_then(|text| name(text, FORMAT))
        };
        duplicates.see(command.cmd());
        match command.variant().map_err(malformed)? {
            LoadCommandVariant::Symtab(table) => {
                let symbols = Symbols::at(bytes, header.encoding, table)
                    .ok_or(BinaryError::Truncated { format: FORMAT, what: "the symbol table" })?;
                facts.stripped = !symbols.iter().any(is_strippable);
                if flags.contains(macho::MH_TWOLEVEL) {
                    facts.flat_lookups = imports::flat_lookups(&symbols)?;
                }
                places.symbols = Some(symbols);
            }
            LoadCommandVariant::Dylib(dylib) => {
                let versions = &dylib.dylib;
                facts.dylibs.push(Dylib {
                    path: text(versions.name)?,
                    current_version: version(versions.current_version.get(endian)),
                    compatibility_version: version(versions.compatibility_version.get(endian)),
                    usage: DylibUse::of(command.cmd()),
                });
            }
            LoadCommandVariant::IdDylib(dylib) => {
                facts.install_name = Some(text(dylib.dylib.name)?);
            }
            LoadCommandVariant::Rpath(rpath) => facts.rpaths.push(text(rpath.path)?),
            LoadCommandVariant::Uuid(uuid) => facts.uuid = Some(hex(&uuid.uuid)),
            LoadCommandVariant::BuildVersion(build, _) => {
                duplicates.see_platform(build.platform.get(endian));
                facts.platform = Some(platform_name(build.platform.get(endian)));
                facts.minimum_os = Some(version(build.minos.get(endian)));
                facts.sdk = stated(build.sdk.get(endian));
            }
            LoadCommandVariant::VersionMin(old) => {
                facts.platform = Some(old_platform_name(command.cmd()));
                facts.minimum_os = Some(version(old.version.get(endian)));
                facts.sdk = stated(old.sdk.get(endian));
            }
            LoadCommandVariant::LinkeditData(data) => {
                let range = (data.dataoff.get(endian).into(), data.datasize.get(endian).into());
                require(bytes, range, FORMAT, "a link-edit table")?;
                facts.signed |= command.cmd() == macho::LC_CODE_SIGNATURE;
                if command.cmd() == macho::LC_DYLD_CHAINED_FIXUPS {
                    places.chained = Some(data);
                }
            }
            LoadCommandVariant::DyldInfo(info) => places.bound = Some(info),
            _ => {}
        }
    }
    facts.imports = imports::read(&image, &facts.dylibs, &places)?;
    facts.duplicate_commands = duplicates.found(&facts.dylibs, &facts.rpaths);
    facts.stack_protector = imports::name_guard(&facts.imports);
    Ok(facts)
}

/// The names of the segments that are writable and executable. Refuses a file that ends before
/// one of its segments does.
fn writable_executable(image: &Image<'_>) -> Result<Vec<String>, BinaryError> {
    const BOTH: macho::VmProt = macho::VmProt(macho::VM_PROT_WRITE.0 | macho::VM_PROT_EXECUTE.0);
    let mut found = Vec::new();
    for segment in &image.segments {
        require(image.bytes, (segment.offset, segment.size), FORMAT, "a segment")?;
        // The one segment of an object file has all rights, which mean nothing.
        if segment.rights.contains(BOTH) && image.header.file_type != macho::MH_OBJECT {
            found.push(name(segment.name(), FORMAT)?);
        }
    }
    Ok(found)
}

/// Whether `strip -x` would remove a symbol: a debugging entry or a local symbol.
fn is_strippable(symbol: Symbol) -> bool {
    symbol.is_stab() || (!symbol.is_external() && !symbol.is_undefined())
}

fn variant_of(cpu: Cpu) -> Option<&'static str> {
    let subtype = macho::CpuSubtypeId(cpu.variant());
    match macho::CpuType(cpu.kind) {
        macho::CPU_TYPE_ARM64 if subtype == macho::CPU_SUBTYPE_ARM64E => Some("arm64e"),
        macho::CPU_TYPE_ARM64_32 => Some("arm64_32"),
        macho::CPU_TYPE_X86_64 if subtype == macho::CPU_SUBTYPE_X86_64_H => Some("x86_64h"),
        _ => None,
    }
}

pub(crate) fn kind_of(file_type: macho::FileType) -> Kind {
    match file_type {
        macho::MH_EXECUTE => Kind::Executable,
        macho::MH_DYLIB => Kind::SharedLibrary,
        macho::MH_BUNDLE => Kind::Bundle,
        macho::MH_OBJECT => Kind::Relocatable,
        macho::MH_CORE => Kind::Core,
        macho::MH_DSYM => Kind::DebugSymbols,
        _ => Kind::Other,
    }
}

fn platform_name(platform: macho::Platform) -> &'static str {
    match platform {
        macho::PLATFORM_MACOS => "macos",
        macho::PLATFORM_IOS => "ios",
        macho::PLATFORM_TVOS => "tvos",
        macho::PLATFORM_WATCHOS => "watchos",
        macho::PLATFORM_VISIONOS => "visionos",
        macho::PLATFORM_MACCATALYST => "mac-catalyst",
        macho::PLATFORM_IOSSIMULATOR => "ios-simulator",
        macho::PLATFORM_TVOSSIMULATOR => "tvos-simulator",
        macho::PLATFORM_WATCHOSSIMULATOR => "watchos-simulator",
        macho::PLATFORM_VISIONOSSIMULATOR => "visionos-simulator",
        macho::PLATFORM_DRIVERKIT => "driverkit",
        _ => "unknown",
    }
}

/// Before `LC_BUILD_VERSION` each system had a load command of its own.
fn old_platform_name(command: macho::LoadCommandType) -> &'static str {
    match command {
        macho::LC_VERSION_MIN_MACOSX => "macos",
        macho::LC_VERSION_MIN_IPHONEOS => "ios",
        macho::LC_VERSION_MIN_TVOS => "tvos",
        macho::LC_VERSION_MIN_WATCHOS => "watchos",
        _ => "unknown",
    }
}

/// Linkers that know no SDK write zero.
fn stated(packed: macho::Version) -> Option<Version> {
    (packed.0 != 0).then(|| version(packed))
}
