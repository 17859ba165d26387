//! The bombs: what they do, in every language that candidates write. They are built here and go off only in boxes.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a bomb wants all of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Fork,
    Memory,
    Disk,
    Files,
    Output,
    Work,
    Descriptors,
}

/// A program to be run in a box.
#[derive(Clone, Debug)]
pub(crate) struct Bomb {
    pub(crate) kind: Kind,
    pub(crate) argv: Vec<String>,
}

/// The bombs, in a folder that boxes see as `/arsenal`.
pub(crate) struct Arsenal {
    folder: PathBuf,
}

const SHELL: [(Kind, &str); 7] = [
    (Kind::Fork, "bomb() { bomb | bomb & }; bomb; while :; do :; done"),
    (Kind::Fork, "while :; do setsid sleep 100 & done"),
    (Kind::Memory, "x=a; while :; do x=$x$x; done"),
    (Kind::Disk, "exec cat /dev/zero > filler"),
    (Kind::Files, "i=0; while mkdir $i; do i=$((i + 1)); done; exit 1"),
    (Kind::Output, "exec yes"),
    (Kind::Work, "for i in 1 2 3 4 5 6; do while :; do :; done & done; wait"),
];

const PYTHON: [(Kind, &str); 7] = [
    (Kind::Fork, "import os\nwhile True:\n  try: os.fork()\n  except OSError: pass"),
    (Kind::Fork, "import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(100,)).start()"),
    (Kind::Memory, "x = []\nwhile True: x.append(bytearray(1 << 20))"),
    (
        Kind::Memory,
        "import mmap\nx = []\nwhile True: m = mmap.mmap(-1, 1 << 20); m.write(b'x' * (1 << 20)); x.append(m)",
    ),
    (Kind::Output, "while True: print('x' * 1000)"),
    (Kind::Descriptors, "import os\nx = []\nwhile True: x.append(os.open('/dev/null', os.O_RDONLY))"),
    (
        Kind::Descriptors,
        "import os, socket\nx = []\nwhile True: x.append((os.memfd_create('x'), os.pipe(), socket.socketpair()))",
    ),
];

const NODE: [(Kind, &str); 3] = [
    (
        Kind::Fork,
        "const bomb = () => { require('child_process').spawn('sleep', ['100']).on('error', () => {}); setImmediate(bomb) }; bomb()",
    ),
    (Kind::Memory, "const x = []; for (;;) x.push(Buffer.alloc(1 << 20, 1))"),
    (Kind::Work, "for (;;);"),
];

const TYPESCRIPT: [(Kind, &str); 2] = [
    (Kind::Memory, "const x: Uint8Array[] = []; for (;;) x.push(new Uint8Array(1 << 20).fill(1));"),
    (
        Kind::Descriptors,
        "import { openSync } from 'node:fs'; const x: number[] = []; for (;;) x.push(openSync('/dev/null'));",
    ),
];

/// Where a box finds the Node that the set-up installs for candidates.
const NODE_HOME: &str = "/opt/interviewlm/node";

/// A source for a compiler of this machine; the program is told what it wants all of.
const COMPILED: [(&str, &str); 2] = [("go", include_str!("bomb.go")), ("rust", include_str!("bomb.rs"))];

impl Arsenal {
    /// Builds all of them: a language that was left out would prove nothing.
    pub(crate) fn build(folder: &Path) -> Self {
        let folder = folder.join("arsenal");
        std::fs::create_dir(&folder).expect("a folder");
        COMPILED.iter().for_each(|(language, source)| compile(&folder, language, source));
        assert!(tools().join("node/bin/node").exists(), "Node for candidates is missing; run: make setup");
        Self { folder }
    }

    /// What the boxes of bombs are lent.
    pub(crate) fn mounts(&self) -> Vec<(PathBuf, String)> {
        vec![(self.folder.clone(), "/arsenal".into()), (tools().join("node"), NODE_HOME.into())]
    }

    /// All bombs of these kinds, kind by kind.
    pub(crate) fn of(&self, kinds: &[Kind]) -> Vec<Bomb> {
        let interpreted = |interpreter: &'static [&'static str], sources: &'static [(Kind, &'static str)]| {
            sources.iter().map(move |(kind, source)| Bomb {
                kind: *kind,
                argv: interpreter.iter().chain([source]).map(|part| (*part).to_owned()).collect(),
            })
        };
        let compiled = COMPILED.iter().flat_map(|(language, _)| {
            [(Kind::Fork, "fork"), (Kind::Memory, "memory"), (Kind::Disk, "disk")]
                .map(|(kind, wish)| Bomb { kind, argv: vec![format!("/arsenal/{language}-bomb"), wish.to_owned()] })
        });
        let all = interpreted(&["sh", "-c"], &SHELL)
            .chain(interpreted(&["/usr/bin/python3", "-c"], &PYTHON))
            .chain(interpreted(&["/opt/interviewlm/node/bin/node", "-e"], &NODE))
            .chain(interpreted(
                &["/opt/interviewlm/node/bin/node", "--input-type=module-typescript", "-e"],
                &TYPESCRIPT,
            ))
            .chain(compiled);
        let mut all: Vec<Bomb> = all.filter(|bomb| kinds.contains(&bomb.kind)).collect();
        all.sort_by_key(|bomb| kinds.iter().position(|kind| *kind == bomb.kind));
        all
    }
}

/// Compiles a bomb.
fn compile(folder: &Path, language: &str, source: &str) {
    let program = folder.join(format!("{language}-bomb"));
    let mut command = match language {
        "go" => {
            let file = folder.join("bomb.go");
            std::fs::write(&file, source).expect("a file");
            let mut command = Command::new(go());
            command.env("CGO_ENABLED", "0").env("GO111MODULE", "off").arg("build").arg("-o").arg(&program).arg(file);
            command
        }
        _ => {
            let file = folder.join("bomb.rs");
            std::fs::write(&file, source).expect("a file");
            let mut command = Command::new("rustc");
            command.args(["--edition", "2021", "-o"]).arg(&program).arg(file);
            command
        }
    };
    let built = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let is_built = built.is_ok_and(|status| status.success());
    assert!(is_built, "the bomb in {language} cannot be compiled; run: make setup");
}

/// Where the set-up puts what candidates write in.
fn tools() -> PathBuf {
    let cache = || std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home_cache = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache"));
    let usual = || cache().or_else(home_cache).unwrap_or_default().join("interviewlm/tools");
    std::env::var_os("INTERVIEWLM_TOOLS_DIR").map_or_else(usual, PathBuf::from)
}

/// The Go that the set-up installs, or the machine's.
fn go() -> PathBuf {
    Some(tools().join("go/bin/go")).filter(|go| go.exists()).unwrap_or_else(|| "go".into())
}
