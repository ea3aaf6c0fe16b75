//! What a compiled module holds that no page has a use for.

use std::ops::Range;

use anyhow::{Result, ensure};
use walrus::ir::Value;
use walrus::{ConstExpr, DataKind, FunctionBuilder, FunctionKind, Module};

/// Where a panic begins. `panic = "abort"` ends every one of them in a trap, and
/// on this target nobody hears its message: composing it is left out, and what
/// only that needs with it, most of `core::fmt` for one.
///
/// The trap stays where it was, as `unreachable`; wasm-opt then drops the
/// arguments too.
const PANICS: &[&str] = &[
    "core::panicking::",
    "core::cell::panic_already_",
    "core::option::expect_failed",
    "core::option::unwrap_failed",
    "core::result::unwrap_failed",
    "core::slice::index::slice_",
    "core::slice::copy_from_slice_impl::len_mismatch_fail",
    "core::str::slice_error_fail",
    "core::cell::lazy::panic_",
    "alloc::alloc::handle_alloc_error",
    "alloc::raw_vec::handle_error",
    "alloc::raw_vec::capacity_overflow",
    "std::panicking::",
    "std::process::abort",
    "std::thread::local::panic_access_error",
    "__rustc::rust_begin_unwind",
    "__rustc::rust_panic",
];

/// What only messages of panics need in code that formats nothing for debugging.
const DEBUGGING: &[&str] = &[" as core::fmt::Debug>::fmt", "<char>::escape_debug_ext"];

/// Replaces the code that composes panic messages by traps; where the module
/// `formats_no_debug`, that which formats for debugging as well.
pub fn silence_panics(module: &mut Module, formats_no_debug: bool) -> Result<()> {
    let slices_text = |name: &str| plain(name).starts_with("core::str::slice_error_fail");
    let names = || module.funcs.iter().filter_map(|it| it.name.as_deref());
    ensure!(
        !formats_no_debug || !names().any(slices_text),
        "a `str` is sliced by index somewhere: what its panic would say takes 3 kB of tables, so use `get`"
    );
    let composes_a_panic = |name: &str| {
        let name = plain(name);
        let is_debugging = DEBUGGING.iter().any(|part| name.contains(part));
        formats_no_debug && is_debugging
            || PANICS
                .iter()
                .any(|panic| name.trim_start_matches('<').starts_with(panic))
    };
    let found: Vec<_> = module
        .funcs
        .iter_local()
        .filter(|(id, _)| {
            let name = module.funcs.get(*id).name.as_deref();
            name.is_some_and(composes_a_panic)
        })
        .map(|(id, function)| (id, function.args.clone(), function.ty()))
        .collect();
    for (id, args, ty) in &found {
        let ty = module.types.get(*ty);
        let (params, results) = (ty.params().to_vec(), ty.results().to_vec());
        let mut trap = FunctionBuilder::new(&mut module.types, &params, &results);
        trap.func_body().unreachable();
        module.funcs.get_mut(*id).kind = FunctionKind::Local(trap.local_func(args.clone()));
    }
    ensure!(!found.is_empty(), "no code of panics was found by its name");
    walrus::passes::gc::run(module);
    Ok(())
}

/// Where panics are in the sources: what their messages would have said, too.
/// It cannot be taken out, since data lies where the code expects it; but it can
/// be emptied, and then compression leaves nothing of it.
pub fn forget_locations(module: &mut Module) {
    let segments: Vec<_> = module.data.iter().map(|segment| segment.id()).collect();
    for id in segments {
        let segment = module.data.get_mut(id);
        let DataKind::Active {
            offset: ConstExpr::Value(Value::I32(start)),
            ..
        } = segment.kind
        else {
            continue;
        };
        let data = &mut segment.value;
        let found: Vec<_> = (0..data.len() / 4 * 4)
            .step_by(4)
            .filter_map(|at| Some((at, path_of_location(data, at, start as u32 as usize)?)))
            .collect();
        for (at, path) in found {
            data[at..at + LOCATION_BYTES].fill(0);
            data[path].fill(0);
        }
    }
}

/// A `core::panic::Location`: the address and the length of a path, line, column.
const LOCATION_BYTES: usize = 16;

/// Where in `data`, which begins at the address `start`, the path is that the
/// location at `at` names; `None` where there is no location.
fn path_of_location(data: &[u8], at: usize, start: usize) -> Option<Range<usize>> {
    let location = data.get(at..at + LOCATION_BYTES)?;
    let mut words = location.chunks_exact(4).map(|word| {
        word.iter()
            .rev()
            .fold(0, |sum, byte| sum << 8 | usize::from(*byte))
    });
    let path = words.next()?.checked_sub(start)?;
    let path = path..path.checked_add(words.next()?)?;
    let (line, column) = (words.next()?, words.next()?);
    let is_path = data.get(path.clone())?.ends_with(b".rs")
        && data[path.clone()].iter().all(u8::is_ascii_graphic);
    (is_path && path.len() < 256 && line > 0 && (1..1000).contains(&column)).then_some(path)
}

/// The path of a function, without the hashes of crates: `core[1f2e]::str::x` is
/// `core::str::x`.
fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut depth = 0;
    for character in name.chars() {
        match character {
            '[' => depth += 1,
            ']' => depth -= 1,
            other if depth == 0 => plain.push(other),
            _ => {}
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{path_of_location, plain};
    use crate::project;

    #[test]
    fn names_are_told_without_hashes() {
        assert_eq!(
            plain("core[1f2e]::str::slice_error_fail"),
            "core::str::slice_error_fail"
        );
        assert_eq!(
            plain("<&usize as core[1f]::fmt::Debug>::fmt"),
            "<&usize as core::fmt::Debug>::fmt"
        );
    }

    #[test]
    fn a_location_is_found_by_its_path() {
        let mut data = b"src/a.rs".to_vec();
        for word in [1024u32, 8, 12, 5] {
            data.extend(word.to_le_bytes());
        }
        assert_eq!(path_of_location(&data, 8, 1024), Some(0..8));
        assert_eq!(path_of_location(&data, 8, 1020), None);
        assert_eq!(path_of_location(&data, 4, 1024), None);
        assert_eq!(path_of_location(&data, 12, 1024), None);
    }

    /// What is emptied for it would trap.
    #[test]
    fn the_core_formats_nothing_for_debugging() {
        let mut folders = vec![project::path("src")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => folders.push(path),
                    false => check(&path),
                }
            }
        }
    }

    fn check(path: &Path) {
        // What makes modules of the package runs where it is built.
        if path.ends_with("core/codegen.rs") {
            return;
        }
        for line in fs::read_to_string(path).unwrap().lines() {
            let formats = line.contains(":?}") || line.contains("dbg!");
            assert!(!formats || line.contains("assert"), "{path:?}: {line}");
        }
    }
}
