//! Many hands on the same files, over lines that break: in the end all see the same, and nothing typed is lost.

use interview::editor::{Change, Created, Edited, PathOnly, Renamed, Text, Via};
use interview::fact::{EditorFact, QuestionFact, SessionFact};
use interview::ids::ProblemSlug;
use interview::question::{Language, Opened, StartingFile};
use interview::session::Empty;
use interview::wire::ClientFact;
use interview::{Fact, FilePath, Origin};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::Union;

use crate::log::{any_text, boundary};
use crate::model::{Client, Server, settle};

const CLIENTS: usize = 3;

/// What may happen next in a room of several tabs.
#[derive(Clone, Debug)]
enum Step {
    /// A tab inserts a character that nobody else inserts (of a private plane), in place of so many others.
    Type {
        tab: usize,
        file: Index,
        from: Index,
        removed: usize,
        pause: u64,
    },
    /// Something that concerns no text.
    Focus {
        tab: usize,
    },
    Send {
        tab: usize,
    },
    Arrive {
        tab: usize,
    },
    Hear {
        tab: usize,
    },
    HearAcknowledgement {
        tab: usize,
    },
    Disconnect {
        tab: usize,
        arriving: bool,
    },
    Reconnect {
        tab: usize,
    },
    /// The assistant, or a program in the box.
    EditByOther {
        file: Index,
        from: Index,
        removed: usize,
        text: String,
    },
    /// Every new name is one that no file had before.
    RenameByOther {
        file: Index,
    },
    ReplaceByOther {
        path: FilePath,
        text: String,
    },
    DeleteByOther {
        file: Index,
    },
    Rename {
        tab: usize,
        file: Index,
    },
    Create {
        tab: usize,
        path: FilePath,
    },
    Delete {
        tab: usize,
        file: Index,
    },
    Question {
        files: Vec<(FilePath, String)>,
    },
}

/// What a room may see.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Range {
    Inserting,
    Editing,
    Renaming,
    Replacing,
}

fn any_steps(range: Range) -> impl Strategy<Value = Vec<Step>> {
    let tab = 0..CLIENTS;
    let path = select(&["a.py", "b.py", "c.py"][..]).prop_map(|path| FilePath::parse(path).unwrap());
    let most = if matches!(range, Range::Inserting | Range::Renaming) { 1usize } else { 5 };
    let steps = vec![
        (
            10,
            (tab.clone(), any::<Index>(), any::<Index>(), 0..most, prop_oneof![Just(5u64), Just(100)])
                .prop_map(|(tab, file, from, removed, pause)| Step::Type { tab, file, from, removed, pause })
                .boxed(),
        ),
        (1, tab.clone().prop_map(|tab| Step::Focus { tab }).boxed()),
        (5, tab.clone().prop_map(|tab| Step::Send { tab }).boxed()),
        (5, tab.clone().prop_map(|tab| Step::Arrive { tab }).boxed()),
        (9, tab.clone().prop_map(|tab| Step::Hear { tab }).boxed()),
        (4, tab.clone().prop_map(|tab| Step::HearAcknowledgement { tab }).boxed()),
        (1, (tab.clone(), any::<bool>()).prop_map(|(tab, arriving)| Step::Disconnect { tab, arriving }).boxed()),
        (2, tab.clone().prop_map(|tab| Step::Reconnect { tab }).boxed()),
        (
            4,
            (any::<Index>(), any::<Index>(), 0..most, any_text())
                .prop_map(|(file, from, removed, text)| Step::EditByOther { file, from, removed, text })
                .boxed(),
        ),
    ];
    let moves = vec![
        (1, any::<Index>().prop_map(|file| Step::RenameByOther { file }).boxed()),
        (1, (tab.clone(), any::<Index>()).prop_map(|(tab, file)| Step::Rename { tab, file }).boxed()),
    ];
    let rest = vec![
        (2, (path.clone(), any_text()).prop_map(|(path, text)| Step::ReplaceByOther { path, text }).boxed()),
        (1, any::<Index>().prop_map(|file| Step::DeleteByOther { file }).boxed()),
        (1, (tab.clone(), path.clone()).prop_map(|(tab, path)| Step::Create { tab, path }).boxed()),
        (1, (tab, any::<Index>()).prop_map(|(tab, file)| Step::Delete { tab, file }).boxed()),
        (1, proptest::collection::vec((path, any_text()), 0..3).prop_map(|files| Step::Question { files }).boxed()),
    ];
    let all = match range {
        Range::Inserting | Range::Editing => steps,
        Range::Renaming => [steps, moves].concat(),
        Range::Replacing => [steps, rest].concat(),
    };
    proptest::collection::vec(Union::new_weighted(all), 0..80)
}

/// A room in which all these steps happened, and what was typed.
fn room(steps: &[Step]) -> (Server, Vec<Client>, Vec<char>) {
    let mut server = Server::default();
    server.append(question(&[("a.py", "first\nsecond\n"), ("b.py", "😀")]));
    let mut clients: Vec<Client> =
        (0..CLIENTS).map(|tab| Client::join(Origin::parse(format!("tab-{tab}")).unwrap(), &server)).collect();
    let mut typed = Vec::new();
    for step in steps {
        act(step, &mut server, &mut clients, &mut typed);
    }
    (server, clients, typed)
}

fn act(step: &Step, server: &mut Server, clients: &mut [Client], typed: &mut Vec<char>) {
    match step.clone() {
        Step::Type { tab, file, from, removed, pause } => {
            let Some((path, text)) = pick(&file, &clients[tab].shown) else { return };
            let c = char::from_u32(0xF_0000 + typed.len() as u32).unwrap();
            clients[tab].act(edit(path, &change(&text, &from, removed, c.to_string()), 0, Via::Typing), pause);
            typed.push(c);
        }
        Step::Focus { tab } => clients[tab].act(SessionFact::Focused(Empty {}), 1),
        Step::Send { tab } => clients[tab].send(),
        Step::Arrive { tab } => clients[tab].arrive(server),
        Step::Hear { tab } => clients[tab].hear(server),
        Step::HearAcknowledgement { tab } => clients[tab].hear_acknowledgement(),
        Step::Disconnect { tab, arriving } => clients[tab].disconnect(server, arriving),
        Step::Reconnect { tab } => clients[tab].reconnect(server),
        Step::Rename { tab, file } => {
            let Some((from, _)) = pick(&file, &clients[tab].shown) else { return };
            let to = FilePath::parse(format!("renamed-{tab}-{}-{}.py", server.log.len(), typed.len())).unwrap();
            clients[tab].act(EditorFact::Renamed(Renamed { from, to }), 1);
        }
        Step::Create { tab, path } => {
            clients[tab].act(EditorFact::Created(Created { path, text: "new".to_owned() }), 1);
        }
        Step::Delete { tab, file } => {
            let Some((path, _)) = pick(&file, &clients[tab].shown) else { return };
            clients[tab].act(EditorFact::Deleted(PathOnly { path }), 1);
        }
        other => act_as_other(other, server),
    }
}

fn act_as_other(step: Step, server: &mut Server) {
    let files = server.stage.editor.files.iter().map(|(path, file)| (path.clone(), file.text.clone())).collect();
    match step {
        Step::EditByOther { file, from, removed, text: inserted } => {
            let Some((path, text)) = pick(&file, &files) else { return };
            let rev = server.stage.editor.files[&path].rev + 1;
            server.append(edit(path, &change(&text, &from, removed, inserted), rev, Via::Assistant));
        }
        Step::RenameByOther { file } => {
            let Some((from, _)) = pick(&file, &files) else { return };
            let to = FilePath::parse(format!("renamed-{}.py", server.log.len())).unwrap();
            server.append(EditorFact::Renamed(Renamed { from, to }).into());
        }
        Step::ReplaceByOther { path, text } => server.append(EditorFact::Created(Created { path, text }).into()),
        Step::DeleteByOther { file } => {
            let Some((path, _)) = pick(&file, &files) else { return };
            server.append(EditorFact::Deleted(PathOnly { path }).into());
        }
        Step::Question { files } => {
            let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
            server.append(question(&files));
        }
        own => unreachable!("{own:?} is a tab's own step"),
    }
}

fn pick(which: &Index, files: &std::collections::BTreeMap<FilePath, Text>) -> Option<(FilePath, Text)> {
    let index = if files.is_empty() { return None } else { which.index(files.len()) };
    files.iter().nth(index).map(|(path, text)| (path.clone(), text.clone()))
}

fn change(text: &Text, from: &Index, removed: usize, inserted: String) -> Change {
    let start = boundary(text, from.index(text.len() + 1));
    let end = boundary(text, (start + removed).min(text.len())).max(start);
    Change::new(start, end - start, inserted)
}

fn edit(path: FilePath, change: &Change, rev: u64, via: Via) -> Fact {
    EditorFact::Edited(Edited { path, rev, changes: vec![change.clone()], via, from: None }).into()
}

fn question(files: &[(&str, &str)]) -> Fact {
    let file =
        |(path, text): &(&str, &str)| StartingFile { path: FilePath::parse(*path).unwrap(), text: (*text).into() };
    QuestionFact::Opened(Opened {
        question: ProblemSlug::parse("access-log").unwrap(),
        order: 0,
        title: "A title".into(),
        language: Language::Python,
        files: files.iter().map(file).collect(),
    })
    .into()
}

fn check_converged(steps: &[Step]) -> Result<(Server, Vec<char>), TestCaseError> {
    let (mut server, mut clients, typed) = room(steps);
    settle(&mut server, &mut clients).map_err(TestCaseError::fail)?;
    for client in &clients {
        prop_assert_eq!(client.texts(), server.texts(), "{} differs", client.origin);
    }
    Ok((server, typed))
}

fn check_nothing_lost(server: &Server, typed: &[char]) -> Result<(), TestCaseError> {
    let all: String = server.texts().into_values().collect();
    for c in typed {
        prop_assert_eq!(all.matches(*c).count(), 1, "{} of {:?}", c, all);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn whatever_is_inserted_is_there_once_in_every_tab(steps in any_steps(Range::Inserting)) {
        let (server, typed) = check_converged(&steps)?;
        check_nothing_lost(&server, &typed)?;
    }

    #[test]
    fn whatever_is_edited_all_tabs_end_with_the_same_texts(steps in any_steps(Range::Editing)) {
        check_converged(&steps)?;
    }

    #[test]
    fn nothing_typed_is_lost_while_files_are_renamed(steps in any_steps(Range::Renaming)) {
        let (server, typed) = check_converged(&steps)?;
        check_nothing_lost(&server, &typed)?;
    }

    #[test]
    fn whatever_files_come_and_go_all_tabs_end_with_the_same_texts(steps in any_steps(Range::Replacing)) {
        check_converged(&steps)?;
    }

    /// However a batch is cut, repeated and shuffled on its way, the log is that of the batch.
    #[test]
    fn resending_is_harmless(
        picks in proptest::collection::vec((any::<Index>(), any::<Index>(), 0usize..4, any_text()), 1..12),
        cuts in proptest::collection::vec((any::<Index>(), 1usize..12), 0..12),
    ) {
        let origin = Origin::parse("tab-0").unwrap();
        let mut once = Server::default();
        once.append(question(&[("a.py", "first\nsecond\n"), ("b.py", "😀")]));
        let mut client = Client::join(origin.clone(), &once);
        for (file, from, removed, text) in picks {
            let Some((path, before)) = pick(&file, &client.shown) else { continue };
            client.act(edit(path, &change(&before, &from, removed, text), 0, Via::Typing), 100);
        }
        let batch: Vec<ClientFact> = client.outbox.take_batch().unwrap();
        let mut often = Server::default();
        often.append(question(&[("a.py", "first\nsecond\n"), ("b.py", "😀")]));
        prop_assert!(once.take(&origin, &batch).is_ok());
        for (from, length) in cuts {
            let from = from.index(batch.len());
            let mut part = batch[from..(from + length).min(batch.len())].to_vec();
            part.reverse();
            // A part that comes too early is refused as a whole, and harmless.
            let _ = often.take(&origin, &part);
        }
        prop_assert!(often.take(&origin, &batch).is_ok());
        prop_assert_eq!(once.log, often.log);
    }
}
