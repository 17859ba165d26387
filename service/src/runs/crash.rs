//! Makes what a crashed program left on stderr readable: the reason and the candidate's own frames, with paths inside the
//! workspace.
//!
//! What a harness can catch, it tells in this form already. A program without a harness crashes by itself, and a Go
//! program that overflows its stack, deadlocks or panics aside is past catching.

const WORKSPACE: &str = "/workspace/";
const OURS: &str = ".interviewlm/";
const MOST_FRAMES: usize = 10;

/// What a program complained of before it crashed.
pub(super) fn readable(stderr: &str) -> String {
    let lines: Vec<&str> = stderr.lines().filter(|line| !is_of_node(line)).collect();
    let told = without_goroutines(&lines).unwrap_or_else(|| lines.join("\n"));
    told.replace(&format!("file://{WORKSPACE}"), "").replace(WORKSPACE, "").trim_end().to_owned()
}

/// Whether it is one of Node's own frames, or ours, or Node's signature.
fn is_of_node(line: &str) -> bool {
    let is_frame = line.starts_with("    at ");
    line.starts_with("Node.js v") || is_frame && (line.contains("node:internal/") || line.contains("/opt/interviewlm/"))
}

/// The dump of Go's goroutines, shortened to the reason and the candidate's frames.
fn without_goroutines(lines: &[&str]) -> Option<String> {
    let is_dump = |line: &&str| line.starts_with("goroutine ") && line.ends_with("]:");
    let dump = lines.iter().position(is_dump)?;
    let crash = lines[..dump].iter().position(|line| is_crash(line))?;
    let said = &lines[..crash];
    let reason = lines[crash..dump].iter().filter(|line| is_crash(line));
    let mut told: Vec<String> = said.iter().chain(reason).map(|line| (*line).to_owned()).collect();
    let goroutines = lines[dump..].split(|line| line.is_empty());
    told.extend(goroutines.map(frames).find(|frames| !frames.is_empty()).unwrap_or_default());
    Some(told.join("\n"))
}

fn is_crash(line: &str) -> bool {
    line.starts_with("panic: ")
        || line.starts_with("fatal error: ")
        || line.starts_with("runtime: goroutine stack exceeds")
}

/// The frames of one goroutine that lie in the candidate's files, innermost first: a line with the function, then one with
/// its place.
fn frames(goroutine: &[&str]) -> Vec<String> {
    let own = goroutine.windows(2).filter_map(|pair| {
        let place = pair[1].strip_prefix('\t')?.strip_prefix(WORKSPACE)?;
        let place = place.split(" +0x").next()?;
        let name = pair[0].split_once('(').map_or(pair[0], |(name, _)| name);
        let verb = if name.starts_with("created by ") { "" } else { "at " };
        (!place.starts_with(OURS)).then(|| format!("    {verb}{name} ({place})"))
    });
    own.take(MOST_FRAMES).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OVERFLOW: &str = "\
about to fall
runtime: goroutine stack exceeds 67108864-byte limit
runtime: sp=0x1bf60a65f638 stack=[0x1bf606660000, 0x1bf60a660000]
fatal error: stack overflow

runtime stack:
runtime.throw({0x52e8d4?, 0x0?})
\t/opt/interviewlm/go/src/runtime/panic.go:1101 +0x48

goroutine 1 gp=0x1bf60259a1e0 m=0 mp=0x68c0e0 [running]:
interview.Answer(0x1?)
\t/workspace/solution.go:3 +0x17 fp=0x1bf60a65f6c8 sp=0x1bf60a65f6b0 pc=0x52ab77
main.run()
\t/workspace/.interviewlm/main.go:76 +0x1d8 fp=0x1bf60a65fe08

goroutine 2 gp=0x1bf60259a780 m=nil [force gc (idle)]:
runtime.gopark(0x0?, 0x0?, 0x0?, 0x0?, 0x0?)
\t/opt/interviewlm/go/src/runtime/proc.go:474 +0xca
";

    #[test]
    fn a_dump_becomes_the_reason_and_the_candidates_frames() {
        let told = "\
about to fall
runtime: goroutine stack exceeds 67108864-byte limit
fatal error: stack overflow
    at interview.Answer (solution.go:3)";
        assert_eq!(readable(OVERFLOW), told);
    }

    #[test]
    fn the_first_goroutine_with_a_frame_of_the_candidate_is_shown() {
        let dump = "panic: aside\n\ngoroutine 7 [running]:\ninterview.Answer.func1()\n\t/workspace/solution.go:4 +0x25\n\
                    created by interview.Answer in goroutine 1\n\t/workspace/solution.go:4 +0x1a\nexit status 2\n";
        let told = "panic: aside\n    at interview.Answer.func1 (solution.go:4)\n    \
                    created by interview.Answer in goroutine 1 (solution.go:4)";
        assert_eq!(readable(dump), told);
    }

    #[test]
    fn nodes_own_frames_are_left_out() {
        let crash = "file:///workspace/main.js:2\n  x.y.z;\n    ^\n\nTypeError: no\n    at run (file:///workspace/main.js:2:9)\n    \
                     at ModuleJob.run (node:internal/modules/esm/module_job:195:25)\n\nNode.js v20.20.2\n";
        let told = "main.js:2\n  x.y.z;\n    ^\n\nTypeError: no\n    at run (main.js:2:9)";
        assert_eq!(readable(crash), told);
    }

    #[test]
    fn any_other_text_is_left_alone() {
        for text in ["", "goroutine 1 [running]:", "panic: at the disco", "a\n\nb", "    at home"] {
            assert_eq!(readable(text), text);
        }
    }
}
