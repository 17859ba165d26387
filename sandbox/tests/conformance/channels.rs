//! In a container all programs share an account. None of them can speak for another, or keep it from being told.

use std::sync::Arc;

use service::ports::Exit;

use crate::engines::Bench;
use crate::support::{path, run, script, soon};

/// Looks for the channels of others, by the folder and by what the kernel tells of processes, and writes into those it finds.
const STRANGER: &str = "import os
mine = {os.path.realpath(f'/proc/self/fd/{file}') for file in os.listdir('/proc/self/fd')}
def names():
    try: yield from (f'/run/interviewlm/{name}' for name in os.listdir('/run/interviewlm'))
    except OSError: pass
    for process in filter(str.isdigit, os.listdir('/proc')):
        for told in ('cmdline', 'environ'):
            try: words = open(f'/proc/{process}/{told}', errors='replace').read().replace('=', chr(0)).split(chr(0))
            except OSError: continue
            yield from (word for word in words if word.startswith('/run/interviewlm/'))
        try: yield from (f'/proc/{process}/fd/{file}' for file in os.listdir(f'/proc/{process}/fd'))
        except OSError: pass
open('/workspace/begun', 'w').close()
while True:
    for name in names():
        try:
            place = os.path.realpath(name)
            if '/run/interviewlm/' not in place or place in mine: continue
            with open(os.open(name, os.O_WRONLY | os.O_NONBLOCK), 'w') as channel: channel.write('1' + chr(10))
        except OSError: continue
        open('/workspace/forged', 'a').close()";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_finds_no_channel_of_another() {
    let Some(bench) = Bench::podman() else { return };
    let jail = bench.start().await;
    jail.write(&path("stranger.py"), STRANGER).await.expect("written");
    let stranger = {
        let jail = Arc::clone(&jail);
        tokio::spawn(async move { jail.run(script("exec python3 stranger.py")).await })
    };
    soon(async { while jail.read(&path("begun")).await.is_err() {} }).await;
    for status in 0..6 {
        let mut program = script(&format!("cat >&3; exit {status}"));
        program.stdin = b"result".to_vec();
        let ran = soon(jail.run(program)).await.expect("it runs");
        assert_eq!((ran.exit, ran.report.as_slice()), (Exit::Status(status), b"result".as_slice()));
    }
    if stranger.is_finished() {
        panic!("the stranger gave up: {:?}", stranger.await.map(|ran| ran.map(|ran| String::from_utf8(ran.stderr))));
    }
    assert_eq!(run(&jail, "test -e forged; echo $?; env | grep -c CHANNEL").await.stdout, b"1\n0\n");
    soon(jail.stop()).await;
    assert!(soon(stranger).await.expect("no panic").is_err(), "it was stopped");
}
