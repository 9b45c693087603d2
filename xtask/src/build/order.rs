//! The order of a module's functions: those that resemble each other side by side, where gzip finds what they share.
//!
//! The compiler's order follows who calls whom. gzip looks back 32 KiB, less than any module is long, and pays for every
//! bit of the distance. So each place goes to the function which has most in common with those just before it.

use std::collections::{HashMap, VecDeque};
use std::convert::Infallible;

use anyhow::{Context, anyhow, bail};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{CodeSectionReader, FunctionSectionReader, Parser, Payload};

use super::module;

/// What is looked for in two functions: so many bytes that are the same.
const SHARED: usize = 4;

/// How many bytes before a place count for it. More would be within reach, at a greater distance.
const NEAR: usize = 2000;

/// What keeps a tiny function, all of which is in any other, from being everybody's neighbour: bytes added to its length.
const OWN_COST: usize = 20;

/// How finely rarity is told: whole numbers add up to the same in any order, on any machine.
const UNIT: f64 = 1e6;

/// A copy of the module with its functions in another order. It has no custom sections: what they say of functions by
/// number would be said of others.
pub fn for_gzip(module: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut imported = 0;
    let mut bodies = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(imports) => imported = module::imported_functions(imports)?,
            Payload::CodeSectionEntry(body) => {
                bodies.push(module.get(body.range()).context("a function reaches beyond the end of the module")?);
            }
            Payload::CustomSection(section) => bail!("the module has a custom section, {}", section.name()),
            _ => {}
        }
    }
    let mut ordered = Module::new();
    Ordered::new(imported, neighbours(&bodies))
        .parse_core_module(&mut ordered, Parser::new(0), module)
        .map_err(|error| anyhow!("{error}"))?;
    Ok(ordered.finish())
}

/// Which function comes at each place.
fn neighbours(bodies: &[&[u8]]) -> Vec<usize> {
    let (weights, parts) = parts(bodies);
    let mut holders = vec![Vec::new(); weights.len()];
    for (function, parts) in parts.iter().enumerate() {
        for &part in parts {
            holders[part].push(function);
        }
    }
    // How many of the functions just before have a part, and what each function has in common with them.
    let mut nearby = vec![0_usize; weights.len()];
    let mut common = vec![0_usize; bodies.len()];
    let mut near = VecDeque::new();
    let mut near_bytes = 0;
    let mut left: Vec<usize> = (0..bodies.len()).collect();
    let mut order = Vec::with_capacity(bodies.len());
    // The largest has most to offer to what follows.
    let mut next = (0..bodies.len()).max_by_key(|&function| bodies[function].len());
    while let Some(function) = next {
        order.push(function);
        left.retain(|&other| other != function);
        near.push_back(function);
        near_bytes += bodies[function].len();
        for &part in &parts[function] {
            nearby[part] += 1;
            if nearby[part] == 1 {
                holders[part].iter().for_each(|&holder| common[holder] += weights[part]);
            }
        }
        while near_bytes > NEAR && near.len() > 1 {
            let Some(function) = near.pop_front() else { break };
            near_bytes -= bodies[function].len();
            for &part in &parts[function] {
                nearby[part] -= 1;
                if nearby[part] == 0 {
                    holders[part].iter().for_each(|&holder| common[holder] -= weights[part]);
                }
            }
        }
        next = left.iter().copied().max_by_key(|&other| common[other] / (bodies[other].len() + OWN_COST));
    }
    order
}

/// What is in more than one function, each with its weight (the rarer, the more), and which of it each function has.
fn parts(bodies: &[&[u8]]) -> (Vec<usize>, Vec<Vec<usize>>) {
    let mut holders: HashMap<&[u8], Vec<usize>> = HashMap::new();
    for (function, body) in bodies.iter().enumerate() {
        for part in body.windows(SHARED) {
            let functions = holders.entry(part).or_default();
            if functions.last() != Some(&function) {
                functions.push(function);
            }
        }
    }
    let mut shared: Vec<_> = holders.into_iter().filter(|(_, functions)| functions.len() > 1).collect();
    // A build must not depend on the order of a hash map.
    shared.sort_unstable();
    let rarity = |functions: &[usize]| (bodies.len() as f64 / functions.len() as f64).ln();
    let weights = shared.iter().map(|(_, functions)| (rarity(functions) * UNIT).round() as usize).collect();
    let mut parts = vec![Vec::new(); bodies.len()];
    for (part, (_, functions)) in shared.iter().enumerate() {
        functions.iter().for_each(|&function| parts[function].push(part));
    }
    (weights, parts)
}

/// Writes a module anew, its functions in another order.
struct Ordered {
    /// The function at each place, by its place before, without the imported ones.
    order: Vec<usize>,
    /// The index of each function, imported ones too, by its index before.
    indices: Vec<u32>,
}

impl Ordered {
    fn new(imported: u32, order: Vec<usize>) -> Self {
        let own = imported as usize;
        let mut indices: Vec<u32> = (0..).take(own + order.len()).collect();
        for (index, &function) in (imported..).zip(&order) {
            indices[own + function] = index;
        }
        Self { order, indices }
    }

    /// What a section has for each function, in the new order.
    fn sorted<T: Clone>(&self, items: impl Iterator<Item = wasmparser::Result<T>>) -> wasmparser::Result<Vec<T>> {
        let items = items.collect::<wasmparser::Result<Vec<T>>>()?;
        Ok(self.order.iter().filter_map(|&function| items.get(function).cloned()).collect())
    }
}

impl Reencode for Ordered {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error> {
        Ok(self.indices[function as usize])
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        for signature in self.sorted(section.into_iter())? {
            functions.function(self.type_index(signature)?);
        }
        Ok(())
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, section: CodeSectionReader<'_>) -> Result<(), Error> {
        for body in self.sorted(section.into_iter())? {
            self.parse_function_body(code, body)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        ConstExpr, ElementSection, Elements, ExportKind, ExportSection, Function, ImportSection, RefType, TableSection,
        TableType, TypeSection,
    };
    use wasmparser::{ElementItems, ExternalKind, Operator, Validator};

    use super::*;

    type Write<'a> = &'a dyn Fn(&mut Function);

    /// Two functions of a kind (one with a result), far from each other, and others; each is exported by a name, and all are
    /// in a table.
    fn module() -> Vec<u8> {
        let alike = |kind: i32| move |f: &mut Function| (0..20).for_each(|i| push(f, 1000 * kind + i));
        fn push(function: &mut Function, number: i32) {
            function.instructions().i32_const(number).drop();
        }
        let calls = |f: &mut Function| {
            f.instructions().call(0).call(4).drop();
        };
        let bodies: [(&str, u32, Write); 5] = [
            ("small", 0, &|_| {}),
            ("x", 0, &alike(1)),
            ("y", 0, &alike(2)),
            ("x too", 1, &|f| {
                alike(1)(f);
                f.instructions().i32_const(1);
            }),
            ("caller", 0, &calls),
        ];
        let (mut types, mut imports) = (TypeSection::new(), ImportSection::new());
        types.ty().function([], []);
        types.ty().function([], [wasm_encoder::ValType::I32]);
        imports.import("host", "f", wasm_encoder::EntityType::Function(0));
        let (mut functions, mut exports, mut code) = (FunctionSection::new(), ExportSection::new(), CodeSection::new());
        for (index, (name, signature, write)) in (1..).zip(bodies) {
            functions.function(signature);
            exports.export(name, ExportKind::Func, index);
            let mut function = Function::new([]);
            write(&mut function);
            function.instructions().end();
            code.function(&function);
        }
        let mut module = Module::new();
        let (mut tables, mut elements) = (TableSection::new(), ElementSection::new());
        tables.table(TableType {
            element_type: RefType::FUNCREF,
            minimum: 6,
            maximum: None,
            table64: false,
            shared: false,
        });
        elements.active(None, &ConstExpr::i32_const(0), Elements::Functions((0..6).collect::<Vec<_>>().into()));
        module.section(&types).section(&imports).section(&functions).section(&tables);
        module.section(&exports).section(&elements).section(&code);
        module.finish()
    }

    /// The exported functions in their order, the names of those that `caller` calls, and of those in the table.
    fn places(module: &[u8]) -> [Vec<String>; 3] {
        let mut names = vec!["host".to_owned(); 6];
        let (mut index, mut calls, mut table) = (0, Vec::new(), Vec::new());
        for payload in Parser::new(0).parse_all(module) {
            match payload.unwrap() {
                Payload::ExportSection(exports) => {
                    for export in exports.into_iter().map(Result::unwrap) {
                        assert_eq!(export.kind, ExternalKind::Func);
                        names[export.index as usize] = export.name.to_owned();
                    }
                }
                Payload::ElementSection(elements) => {
                    for element in elements.into_iter().map(Result::unwrap) {
                        let ElementItems::Functions(functions) = element.items else { panic!("no functions") };
                        table.extend(functions.into_iter().map(|function| names[function.unwrap() as usize].clone()));
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    index += 1;
                    for operator in body.get_operators_reader().unwrap() {
                        if let Operator::Call { function_index } = operator.unwrap() {
                            assert_eq!(names[index], "caller");
                            calls.push(names[function_index as usize].clone());
                        }
                    }
                }
                _ => {}
            }
        }
        names.remove(0);
        [names, calls, table]
    }

    #[test]
    fn those_that_resemble_each_other_become_neighbours_and_stay_what_they_are() {
        let before = module();
        Validator::new().validate_all(&before).unwrap();
        let after = for_gzip(&before).unwrap();
        Validator::new().validate_all(&after).unwrap();
        let [names, calls, table] = places(&before);
        assert_eq!(names, ["small", "x", "y", "x too", "caller"]);
        assert_eq!(calls, ["host", "x too"]);
        let [ordered, calls_after, table_after] = places(&after);
        assert_eq!(ordered[..2], ["x too", "x"]);
        assert_eq!((calls_after, table_after), (calls, table));
        assert_eq!(after, for_gzip(&before).unwrap());
    }

    #[test]
    fn what_is_cut_short_or_has_custom_sections_is_refused() {
        let module = module();
        assert!(for_gzip(&module[..module.len() - 3]).is_err());
        assert!(for_gzip(&[&module[..], b"\0\x02\x01x"].concat()).is_err());
    }
}
