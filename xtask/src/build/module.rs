//! Looking into a WebAssembly module: which sections and functions it has, and how large they are.

use std::collections::HashMap;

use anyhow::ensure;
use wasmparser::{ImportSectionReader, KnownCustom, Name, Parser, Payload, TypeRef};

/// The magic number and the version, before the first section.
const HEADER: usize = 8;

/// The section id of names, producers and the like: nothing in it takes part in running the module.
const CUSTOM: u8 = 0;

/// A copy of the module without its custom sections.
pub fn without_custom_sections(module: &[u8]) -> anyhow::Result<Vec<u8>> {
    ensure!(module.len() >= HEADER && module.starts_with(b"\0asm"), "not a WebAssembly module");
    let mut kept = module[..HEADER].to_vec();
    let mut position = HEADER;
    while position < module.len() {
        let (length, width) = leb128(&module[position + 1..])?;
        let end = position + 1 + width + length;
        ensure!(end <= module.len(), "a section reaches beyond the end of the module");
        if module[position] != CUSTOM {
            kept.extend_from_slice(&module[position..end]);
        }
        position = end;
    }
    Ok(kept)
}

/// An unsigned number of at most 32 bits, and how many bytes it takes.
fn leb128(bytes: &[u8]) -> anyhow::Result<(usize, usize)> {
    let mut value = 0_usize;
    for (index, byte) in bytes.iter().take(5).enumerate() {
        value |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Ok((value, index + 1));
        }
    }
    anyhow::bail!("a section without a length")
}

/// How many functions the module imports: their indices come before those of its own.
pub fn imported_functions(imports: ImportSectionReader<'_>) -> wasmparser::Result<u32> {
    let mut functions = 0;
    for import in imports.into_imports() {
        functions += u32::from(matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)));
    }
    Ok(functions)
}

/// A part of the module and its size in bytes.
pub type Part = (String, usize);

/// The parts of a module, the largest first: its functions one by one (by name, when the module has names), and its data.
pub fn parts(module: &[u8]) -> anyhow::Result<Vec<Part>> {
    let mut imported = 0_u32;
    let mut bodies = Vec::new();
    let mut names = HashMap::new();
    let mut parts = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(imports) => imported = imported_functions(imports)?,
            Payload::CodeSectionEntry(body) => bodies.push(body.range().len()),
            Payload::DataSection(data) => parts.push(("(data)".to_owned(), data.range().len())),
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(subsections) = section.as_known() {
                    for subsection in subsections {
                        if let Name::Function(functions) = subsection? {
                            for naming in functions {
                                let naming = naming?;
                                names.insert(naming.index, naming.name.to_owned());
                            }
                        }
                    }
                }
            }
            _ => {}
        }
    }
    for (index, size) in (imported..).zip(bodies) {
        parts.push((names.remove(&index).unwrap_or_else(|| format!("function {index}")), size));
    }
    parts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One imported function, two of its own (empty, and one that drops a constant), one byte of data, and names.
    const MODULE: &[u8] = b"\0asm\x01\0\0\0\
        \x01\x04\x01\x60\0\0\
        \x02\x07\x01\x01e\x01f\0\0\
        \x03\x03\x02\0\0\
        \x05\x03\x01\0\x01\
        \x0a\x0a\x02\x02\0\x0b\x05\0\x41\x07\x1a\x0b\
        \x0b\x07\x01\0\x41\0\x0b\x01x\
        \0\x11\x04name\x01\x0a\x03\0\x01f\x01\x01a\x02\x01b";

    #[test]
    fn names_are_dropped_and_nothing_else() {
        let stripped = without_custom_sections(MODULE).unwrap();
        assert_eq!(stripped, &MODULE[..MODULE.len() - 19]);
    }

    #[test]
    fn what_is_cut_short_is_refused() {
        assert!(without_custom_sections(&MODULE[..MODULE.len() - 1]).is_err());
        assert!(without_custom_sections(b"").is_err());
    }

    #[test]
    fn parts_are_named_and_sorted() {
        let expected = [("(data)", 7), ("b", 5), ("a", 2)].map(|(name, size)| (name.to_owned(), size));
        assert_eq!(parts(MODULE).unwrap(), expected);
    }

    #[test]
    fn parts_without_names_are_numbered() {
        let stripped = without_custom_sections(MODULE).unwrap();
        assert_eq!(parts(&stripped).unwrap()[1], ("function 2".to_owned(), 5));
    }
}
