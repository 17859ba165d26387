//! The assistant's tools. Which of them may be used is decided here, by the assessment's mode, not by the model.

use interview::chat::{CalledTool, MessageId, REJECTED, ToolReturned};
use interview::fact::ChatFact;
use interview::{Actor, FilePath};

use super::Outside;
use super::edits::{FileEdit, Rewrite};
use super::room::{Inner, Voice};
use crate::ports::assistant::{Call, ToolOutput};
use crate::ports::catalog::AssistantMode;
use crate::ports::{Draft, Exit, Program, Ran};

/// Most bytes of a result that the assistant reads.
const OUTPUT_LIMIT_BYTES: usize = 16 * 1024;

/// What the tools of one answer may reach.
pub(super) struct Reach<'a> {
    pub voice: &'a Voice,
    pub outside: &'a Outside,
    pub mode: AssistantMode,
    /// How many questions there were when it was asked: only the files of the last of them are meant.
    pub question: usize,
    /// Which answer.
    pub message: MessageId,
}

/// Uses a tool and records the call and what came of it. None when the room is gone.
pub(super) async fn call(reach: &Reach<'_>, call: Call) -> Option<ToolOutput> {
    let &Reach { voice, message, .. } = reach;
    let called = CalledTool { message, call: call.id.clone(), name: call.name.clone(), input: call.input.clone() };
    voice.append(vec![Draft::by(Actor::Assistant, ChatFact::CalledTool(called))]).await?;
    let result = perform(reach, &call).await;
    let failed = result.is_err();
    let output = shortened(result.unwrap_or_else(|reason| reason));
    let returned = ToolReturned { message, call: call.id.clone(), output: output.clone(), failed };
    voice.append(vec![Draft::by(Actor::System, ChatFact::ToolReturned(returned))]).await?;
    Some(ToolOutput { call: call.id, text: output, failed })
}

async fn perform(reach: &Reach<'_>, call: &Call) -> Result<String, String> {
    let &Reach { voice, outside, mode, .. } = reach;
    let gone = || "the room is restarting".to_owned();
    let may_act = match mode {
        AssistantMode::Off => return Err("the assistant is off in this interview".to_owned()),
        AssistantMode::Chat => false,
        AssistantMode::Propose | AssistantMode::Agent => true,
    };
    match call.name.as_str() {
        "list_files" => {
            let stage = voice.ask(|reply| Inner::Stage { reply }).await.ok_or_else(gone)?;
            Ok(stage.editor.files.keys().map(FilePath::as_str).collect::<Vec<_>>().join("\n"))
        }
        "read_file" => {
            let path = path_of(&call.input)?;
            let stage = voice.ask(|reply| Inner::Stage { reply }).await.ok_or_else(gone)?;
            let file = stage.editor.file(&path).ok_or_else(|| format!("there is no file {path}"))?;
            Ok(file.text.to_string())
        }
        "edit_file" if may_act => edit(reach, call).await,
        "run_tests" if may_act => voice.ask(|reply| Inner::RunForAssistant { reply }).await.ok_or_else(gone)?,
        "run_command" if may_act => run_command(voice, outside, mode, &call.input).await,
        "edit_file" | "run_tests" | "run_command" => {
            Err("in this interview the assistant may read and answer, but not act".to_owned())
        }
        other => Err(format!("there is no tool called {other}")),
    }
}

fn path_of(input: &serde_json::Value) -> Result<FilePath, String> {
    let path = input.get("path").and_then(|path| path.as_str()).ok_or("`path` is missing")?;
    FilePath::parse(path).map_err(|error| error.to_string())
}

async fn edit(reach: &Reach<'_>, call: &Call) -> Result<String, String> {
    let &Reach { voice, mode, question, .. } = reach;
    let gone = || "the room is restarting".to_owned();
    let edit = FileEdit::parse(&call.input)?;
    let stage = voice.ask(|reply| Inner::Stage { reply }).await.ok_or_else(gone)?;
    edit.fact(&stage)?;
    if mode == AssistantMode::Propose {
        let (decision, decided) = tokio::sync::oneshot::channel();
        voice.tell(Inner::Propose { call: call.id.clone(), decision }).await;
        match decided.await {
            Ok(true) => {}
            Ok(false) => return Err(REJECTED.to_owned()),
            Err(_) => return Err("the candidate did not decide".to_owned()),
        }
    }
    let path = edit.path.clone();
    let whole = matches!(edit.what, Rewrite::Whole(_));
    voice.ask(|reply| Inner::ApplyEdit { question, edit, reply }).await.ok_or_else(gone)??;
    Ok(match (mode, whole) {
        (AssistantMode::Propose, _) => format!("the candidate accepted the edit; {path} is changed"),
        (_, true) => format!("{path} is written"),
        (_, false) => format!("{path} is changed"),
    })
}

/// Runs a command: an assistant that may edit does it in the candidate's box, any other beside a copy of the files.
async fn run_command(
    voice: &Voice,
    outside: &Outside,
    mode: AssistantMode,
    input: &serde_json::Value,
) -> Result<String, String> {
    let command = input.get("command").and_then(|command| command.as_str()).ok_or("`command` is missing")?;
    let program = Program {
        argv: vec!["bash".to_owned(), "-c".to_owned(), command.to_owned()],
        env: Vec::new(),
        stdin: Vec::new(),
        wall_millis: outside.limits.wall_millis,
        output_bytes: outside.limits.output_bytes,
        mounts: Vec::new(),
    };
    let ran = match mode {
        AssistantMode::Agent => run_among_the_files(voice, program).await?,
        AssistantMode::Propose | AssistantMode::Chat | AssistantMode::Off => {
            let stage = voice.ask(|reply| Inner::Stage { reply }).await.ok_or("the room is restarting")?;
            outside.runner.try_out(&stage.editor.texts(), program, outside.limits).await.map_err(unavailable)?
        }
    };
    Ok(told(&ran))
}

async fn run_among_the_files(voice: &Voice, program: Program) -> Result<Ran, String> {
    let disk = voice.ask(|reply| Inner::SyncDisk { reply }).await.ok_or("the room is restarting")??;
    let jail = disk.jail().await?;
    let loan = disk.lend().await?;
    let ran = jail.run(program).await;
    loan.end().await;
    ran.map_err(unavailable)
}

fn unavailable(error: impl std::fmt::Display) -> String {
    tracing::error!(%error, "a command could not be run in a box");
    "the sandbox is unavailable right now".to_owned()
}

/// What a program did, in words for the assistant.
fn told(ran: &Ran) -> String {
    let end = match ran.exit {
        Exit::Status(code) => format!("exit status {code}"),
        Exit::Signal(signal) => format!("ended by signal {signal}"),
        Exit::Killed => "it was killed".to_owned(),
        Exit::TimedOut => "stopped: it took too long".to_owned(),
        Exit::CpuLimit => "stopped: it took too much processor time".to_owned(),
        Exit::Idle => "stopped: it waited for something that did not come".to_owned(),
        Exit::OutOfMemory => "stopped: it used too much memory".to_owned(),
        Exit::DiskLimit => "failed: the disk is full".to_owned(),
        Exit::OutputLimit => "stopped: it printed too much".to_owned(),
        Exit::TooManyProcesses => "failed: it started too many processes".to_owned(),
    };
    let mut text = format!("{end}, {} ms\n", ran.wall_millis);
    for (name, bytes) in [("stdout", &ran.stdout), ("stderr", &ran.stderr)] {
        if !bytes.is_empty() {
            text.push_str(&format!("--- {name}\n{}\n", String::from_utf8_lossy(bytes)));
        }
    }
    text
}

fn shortened(mut text: String) -> String {
    if text.len() > OUTPUT_LIMIT_BYTES {
        let end = (0..=OUTPUT_LIMIT_BYTES).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        text.truncate(end);
        text.push_str("\n… (cut)");
    }
    text
}
