//! How fast boxes are, and what they cost. It prints tables and judges nothing: `cargo bench -p sandbox`.

mod measure;

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::future::join_all;
use interview::terminal::Size;
use sandbox::{Bubblewrap, Settings};
use service::ports::{Jail, Limits, Program, Sandbox as _, Shell, ShellInput, ShellOutput};
use tempfile::TempDir;

use measure::{Nanos, Samples, now, row};

/// Programs that print the time in nanoseconds as soon as they can.
const BASH: [&str; 3] = ["/bin/bash", "-c", "echo ${EPOCHREALTIME/[.,]/}000"];
const PYTHON: [&str; 3] = ["/usr/bin/python3", "-c", "import time; print(time.time_ns())"];
const NODE: [&str; 2] = ["-e", "console.log(Math.round((performance.timeOrigin + performance.now()) * 1000) + '000')"];

const ROUNDS: usize = 60;
const ECHOS: usize = 1_000;
const AT_ONCE: usize = 16;
const IDLE_BOXES: usize = 100;
const FLOOD_BYTES: usize = 400 << 20;

/// What goes on in another box while a shell is asked.
const NEIGHBOURS: [(&str, &str); 6] = [
    ("nobody", ""),
    ("a fork bomb", "bomb() { bomb | bomb & }; while :; do bomb; done"),
    ("a memory bomb", "while :; do sh -c 'x=a; while :; do x=$x$x; done'; done"),
    ("a disk bomb", "while :; do cat /dev/zero > filler; rm filler; done"),
    ("an output bomb", "exec yes"),
    ("a busy loop on every processor", "for i in 1 2 3 4 5 6 7 8; do while :; do :; done & done; wait"),
];

/// An interpreter with its program, as it is called on this machine and in a box.
struct Interpreter {
    name: &'static str,
    bare: Vec<String>,
    boxed: Vec<String>,
}

/// Bash and Python are the system's in a box as well; Node is the candidates' own, which is shown to every box.
fn interpreters() -> [Interpreter; 3] {
    let owned = |argv: &[&str]| argv.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>();
    let system = |name, argv: &[&str]| Interpreter { name, bare: owned(argv), boxed: owned(argv) };
    let node = |program: String| [vec![program], owned(&NODE)].concat();
    let (here, there) = (node_folder(), NODE_IN_BOX);
    [
        system("bash", &BASH),
        system("python", &PYTHON),
        Interpreter {
            name: "node",
            bare: node(format!("{}/bin/node", here.display())),
            boxed: node(format!("{there}/bin/node")),
        },
    ]
}

/// Where the boxes of a server have it.
const NODE_IN_BOX: &str = "/opt/interviewlm/node";

/// Where the set-up puts it.
fn node_folder() -> PathBuf {
    let tools = std::env::var_os("INTERVIEWLM_TOOLS_DIR").map(PathBuf::from);
    let usual = || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".cache/interviewlm/tools");
    tools.unwrap_or_else(usual).join("node")
}

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let folder = tempfile::tempdir().expect("a temporary folder");
    runtime.block_on(async {
        let sandbox = sandbox(&folder);
        sandbox.check().await.expect("this machine can isolate");
        starts(&sandbox).await;
        at_once(&sandbox).await;
        echos(&sandbox).await;
        flood(&sandbox).await;
        idle(&sandbox).await;
    });
}

fn sandbox(folder: &TempDir) -> Bubblewrap {
    let mounts = vec![(node_folder(), NODE_IN_BOX.to_owned())];
    Bubblewrap::new(Settings { root: folder.path().join("boxes"), mounts, ..Settings::default() })
}

/// From nothing to the first output and the end, one at a time: bare, in plain bubblewrap, in a box that is there, and in a
/// new one.
async fn starts(sandbox: &Bubblewrap) {
    println!("\nStart to first output (ms), {ROUNDS} rounds, one at a time\n");
    for Interpreter { name, bare, boxed } in interpreters() {
        let jail = sandbox.start(Limits::default()).await.expect("a box");
        let mut all = [(); 4].map(|()| Samples::default());
        for _ in 0..ROUNDS {
            all[0].add(spawned(Command::new(&bare[0]).args(&bare[1..])));
            all[1].add(spawned(plain_bubblewrap().args(&bare)));
            all[2].add(run(&jail, &boxed, now()).await);
            let begun = now();
            let fresh = sandbox.start(Limits::default()).await.expect("a box");
            all[3].add(run(&fresh, &boxed, begun).await);
            fresh.stop().await;
        }
        for (how, samples) in ["bare", "bwrap --unshare-all", "in a box", "in a new box"].iter().zip(&all) {
            row(&format!("{name}, {how}"), samples);
        }
        jail.stop().await;
    }
}

/// As many at once as make every processor wait: bare, in plain bubblewrap, and in new boxes.
async fn at_once(sandbox: &Bubblewrap) {
    println!("\n{AT_ONCE} at once, each until its program has printed (ms)\n");
    for Interpreter { name, bare, boxed } in interpreters() {
        let mut all = [(); 3].map(|()| Samples::default());
        for _ in 0..6 {
            all[0].extend(spawned_at_once(|| Command::new(&bare[0]), &bare[1..]).await);
            all[1].extend(spawned_at_once(plain_bubblewrap, &bare).await);
            let started = join_all((0..AT_ONCE).map(|_| async {
                let begun = now();
                let jail = sandbox.start(Limits::default()).await.expect("a box");
                let took = run(&jail, &boxed, begun).await;
                (jail, took)
            }));
            for (jail, took) in started.await {
                all[2].add(took);
                jail.stop().await;
            }
        }
        for (how, samples) in ["bare", "bwrap --unshare-all", "in a new box"].iter().zip(&all) {
            row(&format!("{name}, {how}"), samples);
        }
    }
}

async fn spawned_at_once(program: impl Fn() -> Command, arguments: &[String]) -> Vec<Duration> {
    let spawn = |mut command: Command| {
        command.args(arguments);
        tokio::task::spawn_blocking(move || spawned(&mut command))
    };
    let started = join_all((0..AT_ONCE).map(|_| spawn(program())));
    started.await.into_iter().map(|took| took.expect("it runs")).collect()
}

/// How long a shell takes to show what was typed, beside quiet and less quiet neighbours.
async fn echos(sandbox: &Bubblewrap) {
    println!("\nShell echo (ms), {ECHOS} keys, while in another box there is\n");
    for (name, script) in NEIGHBOURS {
        let (mine, other) = (start(sandbox).await, start(sandbox).await);
        let mut shell = mine.shell(Size::USUAL).await.expect("a shell");
        settle(&mut shell).await;
        let mut neighbour = other.shell(Size::USUAL).await.expect("a shell");
        settle(&mut neighbour).await;
        let drain = busy(neighbour, script).await;
        let mut samples = Samples::default();
        for _ in 0..ECHOS {
            let begun = Instant::now();
            shell.input.send(ShellInput::Typed(b"x".to_vec())).await.expect("the shell listens");
            while !printed(&mut shell).await.contains(&b'x') {}
            samples.add(begun.elapsed());
            tokio::time::sleep(Duration::from_micros(700)).await;
        }
        row(name, &samples);
        other.stop().await;
        drain.abort();
        mine.stop().await;
    }
}

/// Starts a script in a neighbour's shell, and reads whatever it prints.
async fn busy(mut shell: Shell, script: &str) -> tokio::task::JoinHandle<()> {
    shell.input.send(ShellInput::Typed(format!("{script}\n").into_bytes())).await.expect("the shell listens");
    // The whole line has been echoed.
    while !printed(&mut shell).await.contains(&b'\n') {}
    tokio::time::sleep(Duration::from_millis(300)).await;
    tokio::spawn(async move { while shell.output.recv().await.is_some() {} })
}

async fn flood(sandbox: &Bubblewrap) {
    let jail = start(sandbox).await;
    let mut shell = jail.shell(Size::USUAL).await.expect("a shell");
    settle(&mut shell).await;
    let before = measure::resident_bytes();
    let flood = format!("head -c {FLOOD_BYTES} /dev/zero; exit\n");
    let begun = Instant::now();
    shell.input.send(ShellInput::Typed(flood.into_bytes())).await.expect("the shell listens");
    let (mut bytes, mut most) = (0, before);
    while let Some(ShellOutput::Printed(piece)) = shell.output.recv().await {
        bytes += piece.len();
        most = most.max(measure::resident_bytes());
    }
    let megabytes = bytes as f64 / 1e6;
    let speed = megabytes / begun.elapsed().as_secs_f64();
    println!(
        "\nFlood through a shell: {megabytes:.0} MB at {speed:.0} MB/s, {} KiB more memory",
        (most - before) >> 10
    );
    jail.stop().await;
}

async fn idle(sandbox: &Bubblewrap) {
    let before = (measure::resident_bytes(), measure::available_bytes());
    let begun = Instant::now();
    let mut kept = Vec::new();
    for _ in 0..IDLE_BOXES {
        let jail = start(sandbox).await;
        let mut shell = jail.shell(Size::USUAL).await.expect("a shell");
        settle(&mut shell).await;
        kept.push((jail, shell));
    }
    let each = begun.elapsed() / u32::try_from(IDLE_BOXES).expect("a small number");
    let server = measure::resident_bytes().saturating_sub(before.0) / IDLE_BOXES as u64;
    let machine = before.1.saturating_sub(measure::available_bytes()) / IDLE_BOXES as u64;
    println!("\n{IDLE_BOXES} idle boxes with a shell: {each:?} to a prompt, {} KiB of the server and", server >> 10);
    println!("{} KiB of the machine for each", machine >> 10);
    let begun = Instant::now();
    join_all(kept.iter().map(|(jail, _)| jail.stop())).await;
    println!("all stopped after {:?}", begun.elapsed());
}

async fn start(sandbox: &Bubblewrap) -> Arc<dyn Jail> {
    sandbox.start(Limits::default()).await.expect("a box")
}

/// Runs a program that prints the time, and says how long after `begun` it did.
async fn run(jail: &Arc<dyn Jail>, argv: &[String], begun: Nanos) -> Duration {
    let program = Program {
        argv: argv.to_vec(),
        env: Vec::new(),
        stdin: Vec::new(),
        wall_millis: 30_000,
        output_bytes: 4096,
        mounts: Vec::new(),
    };
    let ran = jail.run(program).await.expect("it runs");
    begun.until(&ran.stdout)
}

fn spawned(command: &mut Command) -> Duration {
    let begun = now();
    // As little environment as in a box: an interpreter may do more work for a variable.
    command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin");
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output().expect("it runs");
    begun.until(&output.stdout)
}

fn plain_bubblewrap() -> Command {
    let mut command = Command::new("bwrap");
    command.args(["--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--"]);
    command
}

/// Waits for a prompt.
async fn settle(shell: &mut Shell) {
    while !printed(shell).await.ends_with(b"$ ") {}
}

async fn printed(shell: &mut Shell) -> Vec<u8> {
    match shell.output.recv().await {
        Some(ShellOutput::Printed(bytes)) => bytes,
        other => panic!("{other:?} instead of output"),
    }
}
