//! Universal Mach-O files: joining files for one architecture each, listing the slices of a
//! file, and taking them out. These are `lipo -create`, `-info` and `-thin`, with the bytes that
//! `llvm-lipo` writes.
//!
//! Only headers are held in memory: [`Contents::read`] reads the load commands of each input,
//! [`Layout::new`] chooses a place for every slice, and [`Layout::write`] streams the slices
//! there.
//!
//! ```no_run
//! use tachi_binary::universal::{Contents, Input, Layout};
//! # fn files() -> Vec<std::io::Cursor<Vec<u8>>> { Vec::new() }
//! let mut files = files();
//! let mut inputs = Vec::new();
//! for (name, file) in ["intel", "arm"].into_iter().zip(&mut files) {
//!     inputs.push(Input { name, contents: Contents::read(file)? });
//! }
//! let layout = Layout::new(&inputs)?;
//! let mut joined = Vec::new();
//! layout.write(&mut files, &mut joined)?;
//! # Ok::<(), tachi_binary::universal::UniversalError>(())
//! ```
//!
//! The format is that of
//! [mach-o/fat.h](https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/fat.h);
//! order and alignment are those of
//! [llvm-lipo](https://github.com/llvm/llvm-project/blob/main/llvm/lib/Object/MachOUniversalWriter.cpp).

mod archive;
mod bytes;
mod contents;
mod error;
mod layout;
mod slice;
pub(crate) mod table;
mod thin;

pub use contents::Contents;
pub use error::UniversalError;
pub use layout::{Input, Layout, Placed, copy_slice};
pub use slice::{Content, Slice};
