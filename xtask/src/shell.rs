//! Running a step: say what it is, keep what it prints, say how long it took.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::repo::Repo;

/// How many lines of a failed step are shown; its log has them all.
const SHOWN_LINES: usize = 400;

/// What a step left behind.
pub struct Finished {
    pub status: ExitStatus,
    /// Standard output and standard error, as they came.
    pub output: String,
    pub elapsed: Duration,
}

/// Runs a command whose failure is the caller's to judge. Its output goes to `target/logs/` and is shown when it fails.
pub fn attempt(repo: &Repo, title: &str, command: &mut Command) -> anyhow::Result<Finished> {
    announce(title);
    let logs = repo.target.join("logs");
    fs::create_dir_all(&logs)?;
    let path = logs.join(file_name(title));
    let mut log = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    let started = Instant::now();

    // One pipe for both streams keeps their lines in order.
    let (reader, writer) = io::pipe()?;
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    let mut child = command.spawn().with_context(|| format!("cannot start {}", command.get_program().display()))?;
    // The command holds the writing ends; without them the reader would never see the end.
    command.stdout(Stdio::null()).stderr(Stdio::null());

    let mut output = String::new();
    let mut reader = BufReader::new(reader);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        log.write_all(&line)?;
        if repo.verbose {
            io::stdout().write_all(&line)?;
        }
        output.push_str(&String::from_utf8_lossy(&line));
        line.clear();
    }
    let status = child.wait()?;
    if !status.success() && !repo.verbose {
        show_tail(&output);
        println!("  (all of it: {})", path.display());
    }
    Ok(Finished { status, output, elapsed: started.elapsed() })
}

/// Runs a command that must succeed.
pub fn run(repo: &Repo, title: &str, command: &mut Command) -> anyhow::Result<Finished> {
    let finished = attempt(repo, title, command)?;
    if !finished.status.success() {
        bail!("{title}: {}", finished.status);
    }
    done(finished.elapsed, "");
    Ok(finished)
}

/// Does a piece of work in this process as a step.
pub fn task<T>(title: &str, work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    announce(title);
    let started = Instant::now();
    let result = work().with_context(|| title.to_owned())?;
    done(started.elapsed(), "");
    Ok(result)
}

/// Ends a step's report.
pub fn done(elapsed: Duration, remark: &str) {
    let separator = if remark.is_empty() { "" } else { ": " };
    println!("  {:.1} s{separator}{remark}", elapsed.as_secs_f64());
}

fn announce(title: &str) {
    println!("→ {title}");
}

fn show_tail(output: &str) {
    let lines: Vec<_> = output.lines().collect();
    let first = lines.len().saturating_sub(SHOWN_LINES);
    for line in &lines[first..] {
        println!("  | {line}");
    }
}

fn file_name(title: &str) -> String {
    let mut name: String =
        title.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    name.push_str(".log");
    name
}
