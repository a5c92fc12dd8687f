//! `cargo xtask ci`: every check, the same on a developer's machine and on the server. Stops at the first failure, and
//! says at the end what was left out.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::Result;
use crate::project::{fuzz_targets, root};

/// Seconds that each fuzz target runs. This shows that the targets work; finding bugs takes hours.
const FUZZ_SECONDS: u32 = 20;

/// One command line and its environment.
struct Step {
    line: String,
    environment: &'static [(&'static str, &'static str)],
    /// Shows what the command says only if it fails.
    quiet: bool,
}

fn step(line: &str) -> Step {
    Step { line: line.to_owned(), environment: &[], quiet: false }
}

/// `cargo xtask ci`
pub(crate) fn run(_arguments: &[String]) -> Result {
    let start = Instant::now();
    let mut skipped = Vec::new();
    let mut steps = build_and_test();
    steps.extend(project_checks());
    steps.extend(licences(&mut skipped));
    steps.extend(fuzz_smoke(&mut skipped)?);
    for step in &steps {
        skipped.extend(take(step)?);
    }
    println!("ci: {} steps passed in {:.0} s", steps.len(), start.elapsed().as_secs_f64());
    for line in &skipped {
        println!("ci: left out: {line}");
    }
    Ok(())
}

fn build_and_test() -> Vec<Step> {
    let mut steps = vec![
        step("cargo fmt --all --check"),
        step("cargo clippy --workspace --all-targets --all-features -- -D warnings"),
        step("cargo clippy --no-default-features --all-targets -- -D warnings"),
        step("cargo build --no-default-features"),
        Step {
            line: "cargo doc --workspace --no-deps --all-features".to_owned(),
            environment: &[("RUSTDOCFLAGS", "-D warnings")],
            quiet: false,
        },
    ];
    if succeeds("cargo nextest --version") {
        steps.push(step("cargo nextest run --workspace"));
        steps.push(step("cargo test --workspace --doc"));
    } else {
        steps.push(step("cargo test --workspace"));
    }
    steps
}

/// The project's own checks.
fn project_checks() -> impl Iterator<Item = Step> {
    let checks = [
        "tidy",
        "corpus --check",
        "eval --check",
        "tables --check",
        "train --check",
        "bench-instructions --linear",
    ];
    checks.into_iter().map(|check| step(&format!("cargo xtask {check}")))
}

fn licences(skipped: &mut Vec<String>) -> Option<Step> {
    if succeeds("cargo deny --version") {
        // The advisories need the network; licences, bans and sources do not.
        return Some(step("cargo deny --offline check licenses bans sources"));
    }
    skipped.push("cargo deny: SKIPPED, install it with `cargo install cargo-deny --locked`".to_owned());
    None
}

fn fuzz_smoke(skipped: &mut Vec<String>) -> Result<Vec<Step>> {
    if !succeeds("rustup run nightly cargo fuzz --version") {
        let needs = "it needs a nightly toolchain and `cargo install cargo-fuzz --locked`";
        skipped.push(format!("fuzzing: SKIPPED, {needs}"));
        return Ok(Vec::new());
    }
    let mut steps = vec![step("cargo xtask fuzz-seeds")];
    // What takes longer on a busy machine fails there.
    for target in fuzz_targets()?.into_iter().filter(|target| target != "cost") {
        // The library forbids unsafe code, so the address sanitiser would find nothing and cost half the speed.
        let line = format!(
            "rustup run nightly cargo fuzz run --sanitizer none {target} fuzz/corpus/{target} \
             fuzz/regressions/{target} -- -max_total_time={FUZZ_SECONDS} -timeout=10 -rss_limit_mb=1024"
        );
        steps.push(Step { line, environment: &[], quiet: true });
    }
    Ok(steps)
}

/// Runs a step; returns what it says that it skipped.
fn take(step: &Step) -> Result<Vec<String>> {
    let environment: String =
        step.environment.iter().map(|(name, value)| format!("{name}='{value}' ")).collect();
    println!("ci: {environment}{}", step.line);
    let start = Instant::now();
    let mut command = command(&step.line);
    command.envs(step.environment.iter().copied());
    let (passed, skipped) = if step.quiet { run_quietly(command)? } else { run_aloud(command)? };
    if !passed {
        return Err(format!("failed; to run this step again:\n  {environment}{}", step.line).into());
    }
    println!("ci: {:.1} s", start.elapsed().as_secs_f64());
    Ok(skipped)
}

fn run_quietly(mut command: Command) -> Result<(bool, Vec<String>)> {
    let output = command.output()?;
    if !output.status.success() {
        eprint!("{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok((output.status.success(), Vec::new()))
}

fn run_aloud(mut command: Command) -> Result<(bool, Vec<String>)> {
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let mut skipped = Vec::new();
    for line in child.stdout.take().into_iter().flat_map(|output| BufReader::new(output).lines()) {
        let line = line?;
        println!("{line}");
        if line.contains("SKIPPED") {
            skipped.push(line);
        }
    }
    Ok((child.wait()?.success(), skipped))
}

fn succeeds(line: &str) -> bool {
    command(line).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Our lines hold no quotes, so blanks are all that separates words.
fn command(line: &str) -> Command {
    let mut words = line.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words).current_dir(root());
    command
}
