//! Texts that occur once, found without comparing each with each: a hostile token may hold thousands of them.

use crate::prelude::*;
use alloc::collections::BinaryHeap;

/// So many are compared each with each, which is quicker than sorting them.
const FEW: usize = 12;

/// Every text with its place, sorted, so that equal ones stand side by side and the first of them in front.
fn sorted<'t>(texts: &[&'t str]) -> Vec<(&'t str, usize)> {
    // Heap sort: as fast as needed, and the smallest of the sorts in machine code.
    let texts: Vec<(&str, usize)> = texts.iter().enumerate().map(|(place, text)| (*text, place)).collect();
    BinaryHeap::from(texts).into_sorted_vec()
}

/// Whether any text occurs twice.
pub(crate) fn repeats(texts: &[&str]) -> bool {
    if texts.len() <= FEW {
        let occurs_before = |(place, text)| texts.get(..place).is_some_and(|before| before.contains(text));
        return texts.iter().enumerate().any(occurs_before);
    }
    let sorted = sorted(texts);
    sorted.iter().zip(sorted.iter().skip(1)).any(|(a, b)| a.0 == b.0)
}

/// The texts without their repetitions, in their order.
pub(crate) fn distinct(texts: &[&str]) -> Vec<String> {
    let mut last = None;
    let mut first = vec![false; texts.len()];
    for (text, place) in sorted(texts) {
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
        assert!(repeats(&["b", "a", "b"]) && !repeats(&["b", "a"]));
    }

    #[test]
    fn many_texts_are_judged_as_few_are() {
        let names: Vec<String> = (0..40).map(|i| (i * 7 % 20).to_string()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        for count in 1..=names.len() {
            let (before, last) = names.split_at(count - 1);
            assert_eq!(distinct(&names[..count]), names[..count.min(20)], "{count}");
            assert_eq!(repeats(&names[..count]), count > 20, "{before:?} {last:?}");
        }
    }
}
