//! Tests of the whole, against implementations that share no code with this one, and of the parts.

mod arithmetic;
mod bounds;
mod differential;
mod exceptions;
mod oracle;
mod wycheproof;
