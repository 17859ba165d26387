//! Bombs in ten rooms at once, and one room beside them that goes on as if nothing were.

use interview::wire::ClientMessage;
use serde_json::json;

use crate::desk::Desk;
use crate::house::House;

/// A file that a candidate writes, and what they type to set it off.
struct Bomb {
    file: &'static str,
    text: &'static str,
    command: &'static str,
}

const fn bomb(file: &'static str, text: &'static str, command: &'static str) -> Bomb {
    Bomb { file, text, command }
}

const GO: &str = include_str!("../../../sandbox/tests/bombs/bomb.go");
const RUST: &str = include_str!("../../../sandbox/tests/bombs/bomb.rs");

const BOMBS: [Bomb; 10] = [
    bomb("bomb.sh", "bomb() { bomb | bomb & }; while :; do bomb; done", "bash bomb.sh"),
    bomb("bomb.sh", "x=a; while :; do x=$x$x; done", "bash bomb.sh"),
    bomb("bomb.py", "import os\nwhile True:\n  try: os.fork()\n  except OSError: pass\n", "python3 bomb.py"),
    bomb("bomb.py", "x = []\nwhile True: x.append(bytearray(1 << 20))\n", "python3 bomb.py"),
    bomb("bomb.js", "const x = []; for (;;) x.push(Buffer.alloc(1 << 20, 1))", "node bomb.js"),
    bomb("bomb.ts", "const x: Uint8Array[] = []; for (;;) x.push(new Uint8Array(1 << 20).fill(1));", "node bomb.ts"),
    bomb("bomb.go", GO, "go run bomb.go fork"),
    bomb("bomb.go", GO, "go run bomb.go memory"),
    bomb("bomb.rs", RUST, "rustc bomb.rs && ./bomb fork"),
    bomb("bomb.rs", RUST, "rustc bomb.rs && ./bomb memory"),
];

/// How often the healthy candidate types, and asks the shell.
const ROUNDS: usize = 25;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_room_goes_on_beside_ten_rooms_with_bombs_and_they_go_on_in_new_sandboxes() {
    let house = House::open().await;
    let mut healthy = Desk::sit_down(&house).await;
    let mut armed = Vec::new();
    for bomb in &BOMBS {
        let mut desk = Desk::sit_down(&house).await;
        desk.does("editor.created", json!({ "path": bomb.file, "text": bomb.text })).await;
        desk.shell(&format!("until [ -s {} ]; do sleep 0.05; done", bomb.file)).await;
        armed.push(desk);
    }
    for (desk, bomb) in armed.iter_mut().zip(&BOMBS) {
        desk.enter(&format!("while :; do {}; done", bomb.command)).await;
    }

    for round in 0..ROUNDS {
        healthy.type_text("x").await;
        healthy.shell(&format!("echo still-here-{round}")).await;
    }
    let path = format!("/api/interview/{}/run-tests", healthy.id);
    let ran = healthy.candidate.post(&path, &json!({})).await.gives(200).json();
    assert!(ran["failed"].as_u64().unwrap() > 0, "a file of x alone is no solution, and that is told: {ran}");

    for desk in armed {
        let Desk { candidate, id, mut tab, .. } = desk;
        tab.say(&ClientMessage::RestartSandbox).await;
        drop(tab);
        let mut desk = Desk::open_room(&house, candidate, id).await;
        desk.shell("echo a new one").await;
    }
}
