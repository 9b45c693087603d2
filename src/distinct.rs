//! Texts that occur once, found without comparing each with each: a hostile token may hold thousands of them.

use crate::prelude::*;
use alloc::collections::BinaryHeap;

/// Every text with its place, sorted, so that equal ones stand side by side and the first of them in front.
fn sorted<'t>(texts: &mut dyn Iterator<Item = &'t str>) -> Vec<(&'t str, usize)> {
    // Heap sort: as fast as needed, and the smallest of the sorts in machine code.
    let texts: Vec<(&str, usize)> = texts.enumerate().map(|(place, text)| (text, place)).collect();
    BinaryHeap::from(texts).into_sorted_vec()
}

/// Whether any text occurs twice.
pub(crate) fn repeats(texts: &mut dyn Iterator<Item = &str>) -> bool {
    let sorted = sorted(texts);
    sorted.iter().zip(sorted.iter().skip(1)).any(|(a, b)| a.0 == b.0)
}

/// The texts without their repetitions, in their order.
pub(crate) fn distinct(texts: &[&str]) -> Vec<String> {
    let mut last = None;
    let mut first = vec![false; texts.len()];
    for (text, place) in sorted(&mut texts.iter().copied()) {
        if let Some(first) = first.get_mut(place) {
            *first = last != Some(text);
        }
        last = Some(text);
    }
    texts.iter().zip(first).filter(|(_, first)| *first).map(|(text, _)| (*text).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_of_equals_stays() {
        assert_eq!(distinct(&["b", "a", "b", "c", "a"]), ["b", "a", "c"]);
        assert_eq!(distinct(&[]), [""; 0]);
        assert!(repeats(&mut ["b", "a", "b"].into_iter()) && !repeats(&mut ["b", "a"].into_iter()));
    }
}
