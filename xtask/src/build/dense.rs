//! A WebAssembly module as a script that is small once it has been compressed.
//!
//! Base64 puts three bytes into four characters, and so hides from gzip and Brotli what repeats at any other distance: it
//! costs a third. Here a byte is one character if it is below 91, as most of a module's are, and two otherwise, in ASCII
//! that no bundler has to escape: what repeats stays visible, and a fortieth is all it costs.

/// The characters: those of ASCII that can be printed and stand in a string literal as they are.
const ALPHABET: std::ops::RangeInclusive<u8> = b' '..=b'~';
const LEFT_OUT: [u8; 2] = [b'"', b'\\'];

/// Bytes below are one character; the rest of the alphabet begins pairs.
const SINGLES: u8 = 91;

/// A script whose default export is the module's bytes.
pub fn script(module: &[u8]) -> String {
    format!(
        r#"const text = "{text}";
const value = (at) => {{
  const code = text.charCodeAt(at);
  return code - 32 - (code > 34) - (code > 92);
}};
function decode() {{
  const bytes = new Uint8Array({length});
  for (let at = 0, place = 0; at < text.length; at += 1) {{
    let byte = value(at);
    if (byte >= {SINGLES}) byte += (byte - {SINGLES}) * 92 + value((at += 1));
    bytes[place++] = byte;
  }}
  return bytes;
}}
export default /* @__PURE__ */ decode();
"#,
        text = encode(module),
        length = module.len(),
    )
}

fn encode(module: &[u8]) -> String {
    let alphabet: Vec<char> = ALPHABET.filter(|byte| !LEFT_OUT.contains(byte)).map(char::from).collect();
    let mut text = String::new();
    for &byte in module {
        match byte.checked_sub(SINGLES) {
            None => text.push(alphabet[usize::from(byte)]),
            Some(rest) => {
                let (prefix, place) = (usize::from(rest) / alphabet.len(), usize::from(rest) % alphabet.len());
                text.extend([alphabet[usize::from(SINGLES) + prefix], alphabet[place]]);
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_its_own_text() {
        assert_eq!(encode(&[0, 1, 2, 57, 58, 90, 91, 183, 184, 255]), " !#Z[|} }~~ ~i");
        let mut texts: Vec<_> = (0..=255).map(|byte| encode(&[byte])).collect();
        texts.sort();
        texts.dedup();
        assert_eq!(texts.len(), 256);
    }
}
