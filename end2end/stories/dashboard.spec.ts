// The reviewer's desk.

import { expect, expectAccessible, opened, test } from "../stage";

test("a reviewer makes an assessment, invites to it and finds the session", async ({ reviewer: page, newcomer }) => {
  await page.goto("/dashboard");
  const newAssessment = page.getByRole("button", { name: "New assessment" });
  const dialog = await opened(newAssessment, page.getByRole("dialog", { name: "New assessment" }));
  await expectAccessible(page);

  await dialog.getByRole("button", { name: "Create assessment" }).click();
  await expect(dialog.getByText("Give it a title of 1 to 120 characters.")).toBeVisible();
  await dialog.getByLabel("Title").fill("Data engineer");
  await dialog.getByLabel("Problem to add").selectOption("meeting-slots");
  await dialog.getByRole("button", { name: "Add problem" }).click();
  await expect(dialog.getByRole("list", { name: "Problems of this assessment" }).getByRole("listitem")).toHaveCount(1);
  await dialog.getByLabel("Minutes").fill("45");
  await dialog.getByRole("radio", { name: "Answers only" }).check();
  await dialog.getByRole("button", { name: "Create assessment" }).click();
  await expect(dialog).toBeHidden();

  const row = page.getByRole("region", { name: "Table of assessments" }).getByRole("row", { name: /Data engineer/ });
  await expect(row.getByRole("cell", { name: "45" })).toBeVisible();
  await row.getByRole("button", { name: "Invite to Data engineer" }).click();
  const invitation = page.getByRole("dialog", { name: "Invite candidate" });
  await invitation.getByLabel("Candidate's name").fill("Grace Hopper");
  await invitation.getByRole("button", { name: "Create link" }).click();
  const link = await invitation.getByLabel("Link").inputValue();
  await expectAccessible(page);
  await invitation.getByRole("button", { name: "Done" }).click();
  await expect(invitation).toBeHidden();

  const candidate = await newcomer();
  await candidate.goto(link);
  await expect(candidate.getByRole("heading", { level: 1, name: "Data engineer" })).toBeVisible();
  for (const name of ["Editor", "Terminal", "Assistant"]) await candidate.getByRole("checkbox", { name }).check();
  await candidate.getByRole("button", { name: "Start interview" }).click();
  await expect(candidate.getByRole("status", { name: "Connection" })).toHaveText("connected");

  await page.reload();
  const search = page.getByRole("searchbox", { name: "Search sessions" });
  await search.fill("grace");
  await search.press("Enter");
  await expect(page).toHaveURL(/search=grace/);
  await expect(page.getByRole("link", { name: "Grace Hopper" })).toBeVisible();
  await expectAccessible(page);
  await search.fill("nobody of that name");
  await expect(page.getByRole("heading", { name: "No session matches" })).toBeVisible();
});
