//! Reads choices and numbers from the fuzzer's bytes; after the last byte there are zeros.

use num_bigint::BigUint;

pub struct Input<'a>(pub &'a [u8]);

impl<'a> Input<'a> {
    pub fn byte(&mut self) -> u8 {
        self.bytes(1).first().copied().unwrap_or(0)
    }

    pub fn short(&mut self) -> usize {
        usize::from(self.byte()) << 8 | usize::from(self.byte())
    }

    /// As many as are left, if fewer.
    pub fn bytes(&mut self, count: usize) -> &'a [u8] {
        let (bytes, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        bytes
    }

    pub fn pick<'t, T>(&mut self, choices: &'t [T]) -> &'t T {
        &choices[usize::from(self.byte()) % choices.len()]
    }

    /// `count` bytes, zeros after the last one.
    pub fn padded(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = self.bytes(count).to_vec();
        bytes.resize(count, 0);
        bytes
    }

    /// A number below `modulus`: one of those that arithmetic is prone to get wrong, or any.
    pub fn number(&mut self, modulus: &BigUint) -> BigUint {
        let bits = modulus.bits();
        let power = |input: &mut Self| BigUint::from(1u8) << (input.short() as u64 % bits);
        let number = match self.byte() % 8 {
            0 => BigUint::from(self.short()),
            1 => modulus - self.short(),
            2 => power(self) + self.byte(),
            3 => modulus + power(self) - power(self),
            4 => power(self) + power(self) + power(self) + power(self),
            // One byte, over and over.
            5 => BigUint::from_bytes_be(&vec![self.byte(); modulus.to_bytes_be().len()]),
            // Runs of ones and zeros.
            6 => (0..8).fold(BigUint::from(0u8), |number, _| {
                let [ones, zeros] = [self.byte(), self.byte()];
                (((number << ones) + (BigUint::from(1u8) << ones)) - 1u8) << zeros
            }),
            _ => BigUint::from_bytes_be(self.bytes(modulus.to_bytes_be().len())),
        };
        number % modulus
    }
}

/// Big-endian, in exactly `length` bytes; `None` if it does not fit.
pub fn to_bytes(number: &BigUint, length: usize) -> Option<Vec<u8>> {
    let bytes = number.to_bytes_be();
    Some([vec![0; length.checked_sub(bytes.len())?], bytes].concat())
}
