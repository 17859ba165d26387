//! What the image brings along for runs, at the places where the platform's commands look for it.

use service::ports::Exit;

use crate::engines::Bench;
use crate::support::{path, run, script, soon};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_language_of_the_image_runs_in_a_container() {
    let Some(bench) = Bench::podman() else { return };
    let jail = bench.start().await;
    let small = [
        "python3 -c 'print(6 * 7)'",
        "node -e 'console.log(6 * 7)'",
        "echo 'console.log(6 * 7 as number)' > x.ts && /opt/interviewlm/platform/tools/esbuild x.ts | node",
    ];
    for program in small {
        let ran = run(&jail, program).await;
        assert_eq!(ran.stdout, b"42\n", "{program}: {}", String::from_utf8_lossy(&ran.stderr));
    }
    jail.write(&path("go.mod"), "module interview\n\ngo 1.21\n").await.expect("written");
    let main = "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(6 * 7) }\n";
    jail.write(&path("main.go"), main).await.expect("written");
    let mut go = script(
        "platform=/opt/interviewlm/platform
         sh $platform/languages/go/prepare.sh /opt/interviewlm/go $platform/go-cache/go* && .interviewlm/program",
    );
    let settings = [
        ("CGO_ENABLED", "0"),
        ("GOCACHE", "/tmp/go-cache"),
        ("GOENV", "off"),
        ("GOFLAGS", "-mod=mod"),
        ("GOPATH", "/tmp/go"),
        ("GOPROXY", "off"),
        ("GOROOT", "/opt/interviewlm/go"),
        ("GOTELEMETRY", "off"),
        ("GOTOOLCHAIN", "local"),
    ];
    go.env = settings.map(|(name, value)| (name.into(), value.into())).to_vec();
    let ran = soon(jail.run(go)).await.expect("it runs");
    assert_eq!(ran.stdout, b"42\n", "{:?}: {}", ran.exit, String::from_utf8_lossy(&ran.stderr));
    assert_eq!(
        run(&jail, "git init -q . && git add -A && vim --version >/dev/null && less --version >/dev/null").await.exit,
        Exit::Status(0)
    );
}
