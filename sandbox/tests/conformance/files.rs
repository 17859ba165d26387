//! Files in and out of a box, with a candidate who does not play fair.

use service::ports::{Exit, Limits, SandboxError};

use crate::Bench;
use crate::support::{named, output, path, run, soon};

pub(crate) async fn files_go_in_and_come_out(bench: &Bench) {
    let jail = bench.start().await;
    jail.write(&path("src/lib/größe.py"), "print('hällo')\n").await.expect("written");
    jail.write(&path("run.sh"), "first").await.expect("written");
    assert_eq!(
        output(&jail, "cat src/lib/größe.py; stat -c %u src src/lib run.sh").await,
        "print('hällo')\n1000\n1000\n1000\n"
    );
    run(&jail, "chmod +x run.sh; echo more >> src/lib/größe.py; mkdir deep; echo new > deep/new.txt").await;
    assert_eq!(jail.read(&path("src/lib/größe.py")).await.expect("text"), "print('hällo')\nmore\n");
    jail.write(&path("run.sh"), "s").await.expect("written again");
    assert_eq!(output(&jail, "cat run.sh; test -x run.sh && echo ' executable'").await, "s executable\n");
    assert_eq!(jail.list().await.expect("a list"), ["deep/new.txt", "run.sh", "src/lib/größe.py"].map(path));
    jail.remove(&path("run.sh")).await.expect("removed");
    jail.remove(&path("run.sh")).await.expect("twice is fine");
    assert!(matches!(jail.read(&path("run.sh")).await, Err(SandboxError::NoFile(_))));
    assert!(matches!(jail.read(&path("nowhere/run.sh")).await, Err(SandboxError::NoFile(_))));
}

pub(crate) async fn a_full_disk_costs_no_text(bench: &Bench) {
    let jail = bench.start_with(Limits { disk_bytes: 16 << 20, ..Limits::default() }).await;
    let before = "first\n".repeat(2_000);
    jail.write(&path("run.sh"), &before).await.expect("written");
    run(&jail, "chmod +x run.sh; ln run.sh twin; cat /dev/zero > filler; cat /dev/zero >> filler").await;
    let mut watch = jail.watch().await.expect("a watch");
    for (file, text) in [("run.sh", &before.repeat(8)), ("new.txt", &before), ("folder/new.txt", &before)] {
        let refused = jail.write(&path(file), text).await.expect_err("there is no room");
        assert!(refused.to_string().contains("the disk is full"), "{refused}");
    }
    assert_eq!(jail.read(&path("run.sh")).await.expect("text"), before);
    assert!(matches!(jail.read(&path("new.txt")).await, Err(SandboxError::NoFile(_))), "all of it or nothing");
    let after = "second\n".repeat(1_000);
    jail.write(&path("run.sh"), &after).await.expect("what needs no more room is written");
    named(&mut watch, &["run.sh"]).await;
    run(&jail, "rm filler").await;
    let longest = after.repeat(8);
    jail.write(&path("run.sh"), &longest).await.expect("there is room again");
    jail.write(&path("new.txt"), &before).await.expect("there is room again");
    assert_eq!(output(&jail, "cmp run.sh twin && test -x run.sh && cat run.sh").await, longest);
    assert_eq!(jail.read(&path("new.txt")).await.expect("text"), before);
}

pub(crate) async fn links_lead_nowhere(bench: &Bench) {
    let jail = bench.start().await;
    run(&jail, "mkdir /tmp/o; echo secret > /tmp/o/secret; ln -s /tmp/o/secret link; ln -s /tmp/o folder").await;
    run(&jail, "ln -s .. up; echo hi > real; ln -s real inner").await;
    for trick in ["link", "folder/secret", "up/passwd", "inner"] {
        assert!(jail.read(&path(trick)).await.is_err(), "{trick}");
        let written = jail.write(&path(trick), "x").await;
        assert!(matches!(written, Err(SandboxError::NotWritable(..))), "{trick}: {written:?}");
    }
    assert!(jail.write(&path("folder/made/file"), "x").await.is_err());
    assert!(jail.remove(&path("folder/secret")).await.is_err());
    assert_eq!(jail.list().await.expect("a list"), [path("real")]);
    jail.remove(&path("link")).await.expect("the link itself goes");
    assert_eq!(output(&jail, "cat /tmp/o/secret; ls /tmp/o").await, "secret\nsecret\n");
}

pub(crate) async fn what_is_no_file_is_neither_read_nor_written(bench: &Bench) {
    let jail = bench.start().await;
    run(&jail, "mkfifo pipe; mkdir folder; echo x > file").await;
    for other in ["pipe", "folder"] {
        assert!(matches!(soon(jail.read(&path(other))).await, Err(SandboxError::NotText(_))), "{other}");
        let written = soon(jail.write(&path(other), "x")).await;
        assert!(matches!(written, Err(SandboxError::NotWritable(..))), "{other}: {written:?}");
    }
    assert!(matches!(jail.write(&path("file/inner"), "x").await, Err(SandboxError::NotWritable(..))));
    assert!(matches!(jail.remove(&path("folder")).await, Err(SandboxError::NotWritable(..))));
    run(&jail, "rm file; mkdir file").await;
    assert!(matches!(jail.read(&path("file")).await, Err(SandboxError::NotText(_))), "it became a folder");
    assert_eq!(soon(jail.list()).await.expect("a list"), []);
}

pub(crate) async fn only_text_of_a_modest_size_is_listed(bench: &Bench) {
    let jail = bench.start().await;
    let made = run(
        &jail,
        "echo a > text; : > empty; printf 'a\\0b' > zero; printf '\\377\\376' > latin
         head -c 1048576 /dev/zero | tr '\\0' a > largest; head -c 1048577 /dev/zero | tr '\\0' a > larger
         for folder in .git node_modules a/__pycache__ .cache; do mkdir -p $folder; echo x > $folder/x; done
         echo .env > .env; exit 0",
    )
    .await;
    assert_eq!(made.exit, Exit::Status(0));
    assert_eq!(jail.list().await.expect("a list"), [".env", "empty", "largest", "text"].map(path));
    assert_eq!(jail.read(&path("largest")).await.expect("text").len(), 1 << 20);
    for refused in ["zero", "latin", "larger"] {
        assert!(matches!(jail.read(&path(refused)).await, Err(SandboxError::NotText(_))), "{refused}");
    }
}

pub(crate) async fn a_thousand_files_and_more_have_an_end(bench: &Bench) {
    let jail = bench.start().await;
    run(&jail, "for i in {1..2500}; do : > file-$i; done").await;
    assert_eq!(jail.list().await.expect("a list").len(), 2_000);
}

/// Names, as bash spells them and as they are shown. The first two would be one if no backslash were spelled out.
const STRANGE: [(&str, &str); 6] = [
    (r"$'caf\xe9.txt'", r"caf\xE9.txt"),
    (r"'caf\xE9.txt'", r"caf\x5CxE9.txt"),
    (r"$'caf\xe9/\xff\xfe'", r"caf\xE9/\xFF\xFE"),
    (r"$'two\nlines'", r"two\x0Alines"),
    (r"$'\e[31mred'", r"\x1B[31mred"),
    (r"$'\xf0\x9f\x92 cut'", r"\xF0\x9F\x92 cut"),
];

pub(crate) async fn names_may_be_any_bytes(bench: &Bench) {
    let jail = bench.start().await;
    let make: String = STRANGE.iter().map(|(name, shown)| format!("echo '{shown}' > {name}\n")).collect();
    run(&jail, &format!("mkdir $'caf\\xe9'\n{make}")).await;
    let mut shown: Vec<_> = STRANGE.iter().map(|(_, shown)| path(shown)).collect();
    shown.sort();
    assert_eq!(jail.list().await.expect("a list"), shown);
    for (name, shown) in STRANGE {
        assert_eq!(jail.read(&path(shown)).await.expect("text"), format!("{shown}\n"), "each name has its own text");
        jail.write(&path(shown), "changed").await.expect("written");
        assert_eq!(output(&jail, &format!("cat {name}")).await, "changed");
        jail.remove(&path(shown)).await.expect("removed");
        assert_eq!(run(&jail, &format!("test -e {name}")).await.exit, Exit::Status(1), "{shown}");
    }
    assert_eq!(jail.list().await.expect("a list"), []);
    for (name, shown) in STRANGE {
        jail.write(&path(shown), shown).await.expect("written anew, with its folder");
        assert_eq!(output(&jail, &format!("cat {name}")).await, shown);
    }
}

pub(crate) async fn a_path_longer_than_a_name_may_be_is_passed_over(bench: &Bench) {
    let jail = bench.start().await;
    let make = "longest=$(printf 'a%.0s' {1..255}); folder=$(printf '\\xff%.0s' {1..252})
        echo > $longest; mkdir $folder; echo > $folder/ab; echo > $folder/abc";
    run(&jail, make).await;
    let inner = format!("{}/ab", r"\xFF".repeat(252));
    assert_eq!(jail.list().await.expect("a list"), [path(&inner), path(&"a".repeat(255))]);
}
