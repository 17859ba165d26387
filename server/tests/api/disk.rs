//! Stories of the files between the room and its box: a disk that is full, programs that write without end.

use interview::editor::{Created, Via};
use interview::fact::{EditorFact, Fact};
use interview::{Actor, Event, FilePath, InterviewId, Offset, Seq, Stage};
use serde_json::json;
use service::ports::{Draft, Entry};

use crate::desk::{Desk, FILE, log, text_in};
use crate::house::House;

fn is_edit_from_disk(fact: &Fact) -> bool {
    matches!(fact, Fact::Editor(EditorFact::Edited(edited)) if edited.via == Via::Disk)
}

#[tokio::test]
async fn a_full_disk_takes_nothing_that_was_typed_and_is_caught_up_with() {
    let house = House::open().await;
    let mut desk = Desk::sit_down(&house).await;
    let before = text_in(&log(&house, &desk.id).await, FILE);
    desk.shell("echo > witness.txt").await;
    house.seen(&desk.id, "editor.created", 1).await;
    desk.shell("cat /dev/zero > /tmp/filler; cat /dev/zero >> /tmp/filler").await;

    let long = "# Typed while nothing more can be written.\n".repeat(400);
    desk.type_text(&long).await;
    let reason = desk.hears_sorry().await;
    assert!(reason.contains("the disk is full") && reason.contains("Nothing that you typed is lost"), "{reason}");
    desk.type_text("# More.\n").await;
    // What a program does to the file now is older than what was typed; that it was looked at is seen by the other file.
    desk.shell("echo '# by a program' > solution.py; rm witness.txt").await;
    house.seen(&desk.id, "editor.deleted", 1).await;

    let seen = log(&house, &desk.id).await;
    assert!(!seen.iter().any(|event| is_edit_from_disk(&event.fact)));
    let whole = format!("# More.\n{long}{before}");
    assert_eq!(text_in(&seen, FILE), whole);

    desk.shell("rm /tmp/filler; until grep -q More solution.py; do sleep 0.1; done").await;
    desk.shell("mkdir .cache; cp solution.py .cache/copy; mv .cache/copy copy.txt").await;
    house.seen(&desk.id, "editor.created", 2).await;
    let seen = log(&house, &desk.id).await;
    assert_eq!(text_in(&seen, "copy.txt"), whole);
    assert_eq!(text_in(&seen, FILE), whole);
}

/// What came from the box's disk into a log, in bytes.
fn bytes_from_disk(log: &[Event]) -> usize {
    let from_disk = |event: &&Event| event.actor == Actor::System && matches!(event.fact, Fact::Editor(_));
    log.iter().filter(from_disk).map(|event| event.fact.body().get().len()).sum()
}

#[tokio::test]
async fn a_file_that_is_written_all_the_time_is_recorded_now_and_then_and_as_it_is_left() {
    let house = House::open().await;
    let mut desk = Desk::sit_down(&house).await;
    let program = "import time
end = time.time() + 3
while time.time() < end:
    text = str(time.time()) * 50000
    with open('big.txt', 'w') as file:
        file.write(text)
    time.sleep(0.05)
with open('big.txt', 'a') as file:
    file.write('the last line')
";
    desk.shell(&format!("python3 -c \"{program}\"")).await;
    while !text_in(&log(&house, &desk.id).await, "big.txt").ends_with("the last line") {
        desk.tab.hear().await.expect("the room goes on");
    }
    let bytes = bytes_from_disk(&log(&house, &desk.id).await);
    assert!(bytes < 5 * 900_000, "{bytes} bytes for some fifty texts of 900 000");
}

#[tokio::test]
async fn typing_into_a_file_that_rests_loses_neither_the_text_nor_what_a_program_wrote() {
    let house = House::open().await;
    let mut desk = Desk::sit_down(&house).await;
    desk.shell("head -c 1000000 /dev/zero | tr '\\0' x > big.txt").await;
    house.seen(&desk.id, "editor.created", 1).await;
    // News of a megabyte: what follows is not looked at for four seconds.
    desk.shell("echo by-a-program >> big.txt; touch later.txt").await;
    house.seen(&desk.id, "editor.created", 2).await;
    assert!(!text_in(&log(&house, &desk.id).await, "big.txt").contains("by-a-program"));
    desk.type_into("big.txt", 0, "# typed\n").await;
    desk.shell("until head -1 big.txt | grep typed; do sleep 0.1; done; mkdir .cache; tail -c 13 big.txt > .cache/end; mv .cache/end end.txt").await;
    house.seen(&desk.id, "editor.created", 3).await;
    let seen = log(&house, &desk.id).await;
    let text = text_in(&seen, "big.txt");
    assert!(text.starts_with("# typed\nxxx") && text.ends_with("xxxby-a-program\n"));
    assert_eq!(text_in(&seen, "end.txt"), "by-a-program\n");
}

#[tokio::test]
async fn a_file_whose_name_is_no_text_is_worked_with_like_any_other() {
    let house = House::open().await;
    let mut desk = Desk::sit_down(&house).await;
    // The second name spells out, with a backslash, what the first holds as a byte.
    desk.shell(r"echo a byte > $'caf\xe9.txt'; echo text > 'caf\xE9.txt'").await;
    house.seen(&desk.id, "editor.created", 2).await;
    let seen = log(&house, &desk.id).await;
    assert_eq!(text_in(&seen, r"caf\xE9.txt"), "a byte\n");
    assert_eq!(text_in(&seen, r"caf\x5CxE9.txt"), "text\n");

    desk.type_into(r"caf\xE9.txt", 0, "typed into ").await;
    desk.shell(r"until grep typed $'caf\xe9.txt'; do sleep 0.1; done; echo more >> $'caf\xe9.txt'").await;
    house.seen(&desk.id, "editor.edited", 2).await;
    let seen = log(&house, &desk.id).await;
    assert_eq!(text_in(&seen, r"caf\xE9.txt"), "typed into a byte\nmore\n");
    assert_eq!(text_in(&seen, r"caf\x5CxE9.txt"), "text\n");

    desk.does("editor.renamed", json!({ "from": r"caf\xE9.txt", "to": "café.txt" })).await;
    desk.does("editor.deleted", json!({ "path": r"caf\x5CxE9.txt" })).await;
    desk.shell("until [[ $(echo caf*) == café.txt ]]; do sleep 0.1; done; grep -c . café.txt").await;
    desk.does("editor.renamed", json!({ "from": "café.txt", "to": r"\xFF" })).await;
    desk.shell(r"until grep typed $'\xff'; do sleep 0.1; done; rm $'\xff'").await;
    house.seen(&desk.id, "editor.deleted", 2).await;
}

#[tokio::test]
async fn files_beyond_the_two_hundredth_stay_in_the_sandbox() {
    let house = House::open().await;
    let mut desk = Desk::sit_down(&house).await;
    desk.enter("for i in {1..300}; do echo $i > file-$i.txt; done").await;
    let reason = desk.hears_sorry().await;
    assert!(reason.contains("at most 200 files"), "{reason}");
    desk.type_text("# Typed after the files were made.\n").await;
    desk.shell("until grep -q 'Typed after' solution.py; do sleep 0.1; done; echo there-are-$(ls file-* | wc -l)")
        .await;
    desk.shell_shows("there-are-300").await;
    let mut stage = Stage::default();
    log(&house, &desk.id).await.iter().for_each(|event| stage.apply(event));
    assert_eq!(stage.editor.files.len(), 200);
}

#[tokio::test]
async fn what_programs_add_to_a_log_by_writing_files_has_an_end_that_outlives_the_room() {
    let house = House::open().await;
    let mut reviewer = house.reviewer().await;
    let (candidate, id) = house.candidate(&mut reviewer, json!({})).await;
    // In an earlier room, programs have written almost all that they may.
    let interview = InterviewId::parse(id.as_str()).unwrap();
    let events = &house.service.outside.events;
    let next = events.len(&interview).await.unwrap();
    let created = Created { path: FilePath::parse("made.txt").unwrap(), text: "x".repeat(1 << 20) };
    let entries: Vec<Entry> = (0..31)
        .map(|count| Draft::by(Actor::System, EditorFact::Created(created.clone())).at(Seq(next.0 + count), Offset(0)))
        .map(|event| Entry { event, source: None })
        .collect();
    events.append(&interview, &entries).await.unwrap();

    let mut desk = Desk::open_room(&house, candidate, id).await;
    desk.enter("for name in a b; do head -c 700000 /dev/zero | tr '\\0' $name > $name.txt; done").await;
    let reason = desk.hears_sorry().await;
    assert!(reason.contains("the editor does not show"), "{reason}");
    house.seen(&desk.id, "editor.created", 33).await;
    let seen = log(&house, &desk.id).await;
    assert!(bytes_from_disk(&seen) > 32 << 20);
    let said = seen.last().unwrap();
    assert!(said.fact.body().get().contains("the editor does not show"), "{said:?}");

    desk.shell("echo more > more.txt; rm a.txt").await;
    desk.type_text("# Typed later.\n").await;
    desk.shell("until grep -q 'Typed later' solution.py; do sleep 0.1; done; ls more.txt").await;
    desk.candidate.post(&format!("/api/interview/{}/submit", desk.id), &json!({})).await.gives(204);
    house.ended(&desk.id).await;
    assert_eq!(bytes_from_disk(&log(&house, &desk.id).await), bytes_from_disk(&seen));
}
