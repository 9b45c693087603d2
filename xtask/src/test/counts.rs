//! How many tests ran: read from what each runner says at its end.

use std::fmt;
use std::iter::Sum;
use std::ops::AddAssign;

/// Numbers of tests.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
}

impl Counts {
    /// One thing that went wrong.
    pub const FAILURE: Self = Self { passed: 0, failed: 1, skipped: 0 };
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        let mut total = Self::default();
        for one in counts {
            total += one;
        }
        total
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

/// Who ran the tests, and so how its output is read.
#[derive(Clone, Copy, Debug)]
pub enum Runner {
    /// Not a test runner: its exit status is one check.
    Check,
    /// libtest, and wasm-bindgen's runner, which prints the same: `test result: ok. 3 passed; 0 failed; …`.
    Libtest,
    /// node:test with the spec reporter: lines such as `ℹ pass 3`.
    NodeTest,
    /// pytest, whose last line is such as `3 passed, 1 skipped in 2.50s`.
    Pytest,
    /// A last line `3 passed, 0 failed, 0 skipped`.
    Total,
}

/// What a step's exit status and output come to.
pub struct Verdict {
    pub counts: Counts,
    /// Why it failed, when no failed test says so.
    reason: Option<&'static str>,
}

impl Verdict {
    /// The result in words.
    pub fn remark(&self) -> String {
        match self.reason {
            Some(reason) => format!("{} ({reason})", self.counts),
            None => self.counts.to_string(),
        }
    }
}

impl Runner {
    /// Counts the tests of a finished step. A runner that ran nothing has failed, and so has one that ended badly.
    pub fn judge(self, success: bool, output: &str) -> Verdict {
        let mut counts = match self {
            Self::Check if success => Counts { passed: 1, ..Counts::default() },
            Self::Check => Counts::FAILURE,
            Self::Libtest => libtest(output),
            Self::NodeTest => node_test(output),
            Self::Pytest => pytest(output),
            Self::Total => total(output),
        };
        let reason = if counts.failed > 0 {
            None
        } else if !success {
            Some("the runner failed")
        } else if counts.passed == 0 {
            Some("no test ran")
        } else if matches!(self, Self::NodeTest) && has_empty_file(output) {
            Some("a test file holds no test")
        } else {
            None
        };
        if reason.is_some() {
            counts += Counts::FAILURE;
        }
        Verdict { counts, reason }
    }
}

fn libtest(output: &str) -> Counts {
    output
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("test result:"))
        .map(|result| Counts {
            passed: number_before(result, " passed"),
            failed: number_before(result, " failed"),
            skipped: number_before(result, " ignored"),
        })
        .sum()
}

fn node_test(output: &str) -> Counts {
    let value = |name: &str| -> u64 {
        output.lines().filter_map(|line| line.strip_prefix("ℹ ")?.strip_prefix(name)?.trim().parse::<u64>().ok()).sum()
    };
    Counts {
        passed: value("pass "),
        failed: value("fail ") + value("cancelled "),
        skipped: value("skipped ") + value("todo "),
    }
}

/// node:test counts a file without tests as one passed test, named by its path.
fn has_empty_file(output: &str) -> bool {
    output
        .lines()
        .filter_map(|line| line.strip_prefix("✔ "))
        .filter_map(|line| line.split_once(" ("))
        .any(|(name, _)| name.ends_with(".test.ts") || name.ends_with(".test.tsx"))
}

fn pytest(output: &str) -> Counts {
    let last = output.lines().rev().find(|line| line.contains(" in ")).unwrap_or("");
    let number = |word: &str| number_before(last, word);
    Counts {
        passed: number(" passed") + number(" xpassed"),
        failed: number(" failed") + number(" error"),
        skipped: number(" skipped") + number(" xfailed") + number(" deselected"),
    }
}

fn total(output: &str) -> Counts {
    let last = output.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("");
    Counts {
        passed: number_before(last, " passed"),
        failed: number_before(last, " failed"),
        skipped: number_before(last, " skipped"),
    }
}

/// The number that stands directly before a word; 0 without one.
fn number_before(text: &str, word: &str) -> u64 {
    let Some((before, _)) = text.split_once(word) else {
        return 0;
    };
    let digits = before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    before[before.len() - digits..].parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(passed: u64, failed: u64, skipped: u64) -> Counts {
        Counts { passed, failed, skipped }
    }

    #[test]
    fn libtest_results_are_summed_over_binaries() {
        let output = "test a ... ok\n\ntest result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\n\
                      test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s\n";
        assert_eq!(Runner::Libtest.judge(true, output).counts, counts(15, 0, 1));
    }

    #[test]
    fn a_failed_test_is_counted_once() {
        let output =
            "test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out\nerror: test failed\n";
        assert_eq!(Runner::Libtest.judge(false, output).counts, counts(4, 2, 0));
    }

    #[test]
    fn a_runner_that_breaks_has_failed() {
        assert_eq!(Runner::Libtest.judge(false, "error: could not compile").counts, counts(0, 1, 0));
        assert_eq!(Runner::Check.judge(false, "").counts, counts(0, 1, 0));
        assert_eq!(Runner::Total.judge(false, "5 passed, 0 failed, 0 skipped\n").counts, counts(5, 1, 0));
    }

    #[test]
    fn a_runner_that_runs_nothing_has_failed() {
        let output = "test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 7 filtered out\n";
        assert_eq!(Runner::Libtest.judge(true, output).counts, counts(0, 1, 0));
        assert_eq!(Runner::Libtest.judge(true, "no tests to run!\n").counts, counts(0, 1, 0));
        assert_eq!(Runner::NodeTest.judge(true, "").counts, counts(0, 1, 0));
    }

    #[test]
    fn node_test_summaries_are_read() {
        let output = "✔ accepts (1.2ms)\nℹ tests 9\nℹ suites 2\nℹ pass 5\nℹ fail 1\nℹ cancelled 1\nℹ skipped 1\nℹ todo 1\nℹ duration_ms 12\n";
        assert_eq!(Runner::NodeTest.judge(false, output).counts, counts(5, 2, 2));
    }

    #[test]
    fn pytest_summaries_are_read() {
        let output = "...s\n== slowest durations ==\n2 failed, 1001 passed, 3 skipped, 1 error in 22.05s (0:00:22)\n";
        assert_eq!(Runner::Pytest.judge(false, output).counts, counts(1001, 3, 3));
        assert_eq!(Runner::Pytest.judge(true, "no tests ran in 0.01s\n").counts, counts(0, 1, 0));
    }

    #[test]
    fn a_node_test_file_without_tests_is_a_failure() {
        let output = "✔ js/tests/empty.test.ts (40.1ms)\nℹ tests 1\nℹ pass 1\nℹ fail 0\n";
        assert_eq!(Runner::NodeTest.judge(true, output).counts, counts(1, 1, 0));
    }

    #[test]
    fn the_last_line_of_a_total_counts() {
        let output = "1 passed, 1 failed, 0 skipped\n| table |\n60 passed, 0 failed, 2 skipped\n\n";
        assert_eq!(Runner::Total.judge(true, output).counts, counts(60, 0, 2));
    }
}
