//! Which languages are offered: those that boxes can run.

use interview::question::Language;
use serde_json::json;
use service::interviews::StartRequest;

use crate::house::House;

/// A server that has no tools but the system's.
async fn without_tools() -> (House, tempfile::TempDir) {
    let tools = tempfile::tempdir().unwrap();
    let house = House::open_with(&[("INTERVIEWLM_TOOLS_DIR", tools.path().to_str().unwrap())]).await;
    (house, tools)
}

#[tokio::test]
async fn reviewers_choose_among_the_languages_that_can_be_run() {
    let (house, _tools) = without_tools().await;
    let mut reviewer = house.reviewer().await;
    let overview = reviewer.post("/api/page/overview", &json!({})).await.gives(200).json();
    assert_eq!(overview["languages"], json!(["python"]));
    assert_eq!(overview["assessments"][0]["languages"], json!(["python"]), "the first one is there already");
    let assessment = json!({
        "title": "T", "problems": ["rate-limiter"], "languages": ["python", "rust"], "minutes": 60, "assistant": "chat",
        "budget_messages": 1, "budget_microusd": 1, "required_consents": ["editor"],
    });
    let problem = reviewer.post("/api/assessments", &assessment).await.refuses(422);
    assert_eq!(problem["field"], "languages", "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains("Rust cannot be run on this server"), "{problem}");
}

#[tokio::test]
async fn candidates_are_offered_what_can_still_be_run_of_an_older_assessment() {
    let (house, _tools) = without_tools().await;
    let service = &house.service;
    let mut assessment = service.assessments.list().await.unwrap().remove(0);
    for (of_old, now) in [
        (vec![Language::Go, Language::Python, Language::Rust], vec![Language::Python]),
        (vec![Language::Go, Language::Rust], vec![Language::Go, Language::Rust]),
    ] {
        assessment.id = format!("of old {}", of_old.len());
        assessment.languages = of_old;
        service.outside.catalog.put_assessment(&assessment).await.unwrap();
        let token = service.assessments.invite(&assessment.id, "Ada", None).await.unwrap().token;
        assert_eq!(service.interviews.look_behind(&token).await.unwrap().languages, now);
        let consent = assessment.required_consents.clone();
        let request = |language| StartRequest { name: None, consent: consent.clone(), language };
        let refused = service.interviews.start(&token, request(Some(Language::JavaScript))).await.unwrap_err();
        assert!(refused.to_string().contains("JavaScript is not offered"), "{refused}");
        let entrance = service.interviews.start(&token, request(None)).await.unwrap();
        let row = service.outside.catalog.interview(&entrance.interview).await.unwrap().unwrap();
        assert_eq!(row.language, now[0]);
    }
}
