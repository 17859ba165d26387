//! How the bodies of requests look whose types belong to the domain, which knows nothing of OpenAPI. They only describe;
//! the tests send what is said here through the real routes.

#![expect(dead_code, reason = "their fields are read by whoever reads the description")]

use utoipa::ToSchema;

/// What a candidate agrees to.
#[derive(ToSchema)]
pub struct Start {
    /// The candidate's name; the invitation's when absent.
    name: Option<String>,
    /// What may be recorded.
    consent: Vec<Capture>,
    /// The language; the assessment's first when absent.
    #[schema(example = "python")]
    language: Option<String>,
}

/// Something that is recorded.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
enum Capture {
    Editor,
    Terminal,
    Assistant,
    Focus,
}

/// A batch of a client's own events.
#[derive(ToSchema)]
pub struct Batch {
    /// The client's id: letters, digits and dashes, the same as long as it counts on.
    origin: String,
    /// The client's clock now, in milliseconds; the last event's when absent.
    now: Option<f64>,
    /// In the order they happened.
    events: Vec<SentEvent>,
}

/// An event as a client sends it.
#[derive(ToSchema)]
pub struct SentEvent {
    /// The client's own count, from zero without gaps.
    n: u64,
    /// The client's own clock, in milliseconds.
    t: f64,
    /// `editor.created`, `editor.deleted`, `editor.renamed`, `editor.opened`, `editor.edited`, `editor.selected`,
    /// `session.focused` or `session.blurred`.
    #[schema(example = "editor.edited")]
    kind: String,
    /// What belongs to that kind.
    #[schema(value_type = Object, example = json!({ "path": "solution.py", "rev": 0, "changes": [[0, 0, "x"]], "via": "typing" }))]
    body: serde_json::Value,
}

/// What to run.
#[derive(ToSchema)]
pub struct RunTests {
    /// The candidate's own cases, which never count; the question's when absent.
    cases: Option<Vec<OwnCase>>,
}

/// A case of the candidate's own.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
struct OwnCase {
    /// What it is called.
    name: String,
    /// What goes in.
    input: String,
    /// What should come out.
    expected_output: String,
}

/// What an assessment is made of.
#[derive(ToSchema)]
pub struct NewAssessment {
    /// Shown to candidates.
    title: String,
    /// Problems of the bank, in the order they are put.
    #[schema(example = json!(["rate-limiter"]))]
    problems: Vec<String>,
    /// The languages that a candidate may choose from.
    #[schema(example = json!(["python", "go"]))]
    languages: Vec<String>,
    /// How long a candidate has.
    minutes: u32,
    /// What the assistant may do.
    assistant: AssistantMode,
    /// How many messages a candidate may send to it.
    budget_messages: u32,
    /// What it may cost in one interview, in millionths of a US dollar.
    budget_microusd: u64,
    /// What a candidate must agree to have recorded.
    required_consents: Vec<Capture>,
}

/// What the assistant may do.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
enum AssistantMode {
    Off,
    Chat,
    Propose,
    Agent,
}
