//! Every route of the product in one flat list.

use axum::{
    Router,
    handler::Handler,
    http::Method,
    routing::{MethodRouter, get, post},
};

use crate::{
    access, accounts, capacity,
    comments::{self, page::TalkedAbout},
    decisions, definition, desk, goals, handovers,
    handshake::{self, page::SigningPage},
    history, initiatives, kpis, letters, members, milestones, overview,
    platform::{assets, http, state::AppState},
    reviews, search, sources, technologies,
};

/// Routes as they are added, and their list, against which the table of who may do what is checked.
#[derive(Default)]
pub struct Routes {
    router: Router<AppState>,
    entries: Vec<(Method, &'static str)>,
}

impl Routes {
    fn add(mut self, methods: &[Method], path: &'static str, handler: MethodRouter<AppState>) -> Self {
        self.entries
            .extend(methods.iter().cloned().map(|method| (method, path)));
        self.router = self.router.route(path, handler);
        self
    }

    fn get<H: Handler<T, AppState>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.add(&[Method::GET], path, get(handler))
    }

    fn post<H: Handler<T, AppState>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.add(&[Method::POST], path, post(handler))
    }

    /// A form's page and what it posts to.
    fn form<G: Handler<S, AppState>, S: 'static, P: Handler<T, AppState>, T: 'static>(
        self,
        path: &'static str,
        page: G,
        taken: P,
    ) -> Self {
        self.add(&[Method::GET, Method::POST], path, get(page).post(taken))
    }

    /// The page on which something is signed, and the withdrawal of a signature.
    fn signed<T: SigningPage + 'static>(self, sign: &'static str, withdraw: &'static str) -> Self {
        self.form(sign, handshake::page::sign_form::<T>, handshake::page::sign::<T>)
            .post(withdraw, handshake::page::withdraw::<T>)
    }

    /// Saying something about a thing, editing it, and taking it back.
    fn talk<T: TalkedAbout + 'static>(self, [say, edit, withdraw]: [&'static str; 3]) -> Self {
        self.post(say, comments::page::comment::<T>)
            .form(edit, comments::page::edit_form::<T>, comments::page::edit::<T>)
            .post(withdraw, comments::page::withdraw::<T>)
    }

    pub fn into_router(self) -> Router<AppState> {
        self.router
    }

    pub fn entries(&self) -> &[(Method, &'static str)] {
        &self.entries
    }
}

#[expect(clippy::too_many_lines, reason = "a list")]
pub fn all() -> Routes {
    Routes::default()
        // For the machine room.
        .get("/livez", http::livez)
        .get("/readyz", http::readyz)
        .get("/robots.txt", assets::robots)
        .get("/favicon.svg", assets::favicon)
        .get("/fonts/{file}", assets::font)
        .get("/stage.js", assets::stage)
        .get("/pkg/{build}/{file}", assets::package)
        // Coming in and going out.
        .get("/", accounts::sign_in::root)
        .get("/workspaces", accounts::sign_in::workspaces)
        .form(
            "/workspaces/new",
            accounts::another::new,
            accounts::another::create,
        )
        .form(
            "/sign-in",
            accounts::sign_in::sign_in,
            accounts::sign_in::sign_in_post,
        )
        .post("/sign-out", accounts::sign_in::sign_out)
        .form(
            "/forgot-password",
            accounts::reset::forgot_password,
            accounts::reset::forgot_password_post,
        )
        .form(
            "/reset-password/{secret}",
            accounts::reset::reset_password,
            accounts::reset::reset_password_post,
        )
        .form(
            "/setup/{secret}",
            accounts::set_up::setup,
            accounts::set_up::setup_post,
        )
        .form(
            "/invitations/{secret}",
            accounts::join::accept,
            accounts::join::accept_post,
        )
        // One's own account.
        .get("/account", accounts::own::page)
        .post("/account/name", accounts::own::change_name)
        .post("/account/theme", accounts::own::change_theme)
        .post("/account/stage-keys", accounts::own::change_stage_keys)
        .post("/account/email", accounts::own::change_email)
        .form(
            "/account/email/{secret}",
            accounts::own::confirm_email,
            accounts::own::confirm_email_post,
        )
        .get("/account/letters", letters::page::page)
        .post("/account/letters", letters::page::save)
        .post("/account/calendar", letters::page::create_calendar)
        .post("/account/calendar/end", letters::page::end_calendar)
        .get("/calendars/{secret}/handshake.ics", letters::feed::calendar)
        .post("/account/password", accounts::own::change_password)
        .post("/account/sessions/end-others", accounts::own::end_other_sessions)
        .post("/account/sessions/{id}/end", accounts::own::end_session)
        // The rooms that read every room.
        .get("/w/{workspace}", overview::page::show)
        .get("/w/{workspace}/since", overview::page::since)
        .get("/w/{workspace}/attention", overview::page::attention)
        .get("/w/{workspace}/desk", desk::page::show)
        .post("/w/{workspace}/desk/mentions/{id}/read", desk::page::read_mention)
        .get("/w/{workspace}/history", history::page)
        .get("/w/{workspace}/search", search::search)
        // The definition.
        .get("/w/{workspace}/definition", definition::page::show)
        .form(
            "/w/{workspace}/definition/clauses/new",
            definition::page::new_clause,
            definition::page::create_clause,
        )
        .get("/w/{workspace}/definition/clauses/{id}", definition::page::clause)
        .form(
            "/w/{workspace}/definition/clauses/{id}/edit",
            definition::page::edit_clause,
            definition::page::update_clause,
        )
        .form(
            "/w/{workspace}/definition/clauses/{id}/suggest",
            definition::page::suggest_form,
            definition::page::suggest,
        )
        .talk::<definition::write::ClauseTalk>([
            "/w/{workspace}/definition/clauses/{id}/comments",
            "/w/{workspace}/definition/clauses/{id}/comments/{comment}/edit",
            "/w/{workspace}/definition/clauses/{id}/comments/{comment}/withdraw",
        ])
        .post(
            "/w/{workspace}/definition/suggestions/{id}/accept",
            definition::page::accept,
        )
        .post(
            "/w/{workspace}/definition/suggestions/{id}/decline",
            definition::page::decline,
        )
        .post(
            "/w/{workspace}/definition/suggestions/{id}/withdraw",
            definition::page::withdraw_suggestion,
        )
        .get("/w/{workspace}/definition/rounds", definition::page::rounds)
        .form(
            "/w/{workspace}/definition/rounds/open",
            definition::page::open_round_form,
            definition::page::open_round,
        )
        .form(
            "/w/{workspace}/definition/rounds/answer",
            definition::page::answer_form,
            definition::page::answer,
        )
        .post(
            "/w/{workspace}/definition/rounds/close",
            definition::page::close_round,
        )
        .get("/w/{workspace}/definition/trace", definition::page::trace)
        .get(
            "/w/{workspace}/definition/versions/{number}/text.md",
            definition::page::markdown,
        )
        .form(
            "/w/{workspace}/definition/versions/{number}/restore",
            definition::page::restore_form,
            definition::page::restore,
        )
        .post(
            "/w/{workspace}/definition/clauses/{id}/archive",
            definition::page::archive_clause,
        )
        .form(
            "/w/{workspace}/definition/propose",
            definition::page::propose_form,
            definition::page::propose,
        )
        .get("/w/{workspace}/definition/versions", definition::page::versions)
        .get("/w/{workspace}/definition/compare", definition::page::compare)
        .get(
            "/w/{workspace}/definition/versions/{number}",
            definition::page::version,
        )
        .signed::<definition::write::VersionOnTable>(
            "/w/{workspace}/definition/versions/{number}/sign",
            "/w/{workspace}/definition/versions/{number}/withdraw",
        )
        .post(
            "/w/{workspace}/definition/versions/{number}/take-back",
            definition::page::take_back,
        )
        // Initiatives.
        .get("/w/{workspace}/initiatives", initiatives::page::list)
        .form(
            "/w/{workspace}/initiatives/new",
            initiatives::page::new,
            initiatives::page::create,
        )
        // Capacity.
        .get("/w/{workspace}/capacity", capacity::page::show_current)
        .get("/w/{workspace}/capacity/{period}", capacity::page::show)
        .post(
            "/w/{workspace}/capacity/{period}/cap",
            capacity::page::state_capacity,
        )
        .post(
            "/w/{workspace}/capacity/{period}/claim",
            capacity::page::claim_capacity,
        )
        .post(
            "/w/{workspace}/capacity/{period}/override",
            capacity::page::propose_override,
        )
        .signed::<capacity::write::OverrideOnTable>(
            "/w/{workspace}/capacity/{period}/sign",
            "/w/{workspace}/capacity/{period}/withdraw",
        )
        .get("/w/{workspace}/initiatives/{number}", initiatives::page::show)
        .form(
            "/w/{workspace}/initiatives/{number}/edit",
            initiatives::page::edit,
            initiatives::page::update,
        )
        .form(
            "/w/{workspace}/initiatives/{number}/phase",
            initiatives::page::phase_form,
            initiatives::page::phase_post,
        )
        .get(
            "/w/{workspace}/initiatives/{number}/charter",
            initiatives::page::charter,
        )
        .signed::<initiatives::write::CharterOnTable>(
            "/w/{workspace}/initiatives/{number}/charter/sign",
            "/w/{workspace}/initiatives/{number}/charter/withdraw",
        )
        .post(
            "/w/{workspace}/initiatives/{number}/charter/take-back",
            initiatives::page::take_charter_back,
        )
        .form(
            "/w/{workspace}/initiatives/{number}/check-in",
            initiatives::page::check_in_form,
            initiatives::page::check_in,
        )
        .get(
            "/w/{workspace}/initiatives/{number}/check-ins/{id}",
            initiatives::page::one_check_in,
        )
        .form(
            "/w/{workspace}/initiatives/{number}/check-ins/{id}/edit",
            initiatives::page::edit_check_in,
            initiatives::page::correct_check_in,
        )
        .post(
            "/w/{workspace}/initiatives/{number}/check-ins/{id}/acknowledge",
            initiatives::page::acknowledge,
        )
        .post(
            "/w/{workspace}/initiatives/{number}/check-ins/{id}/comment",
            initiatives::page::comment,
        )
        .form(
            "/w/{workspace}/initiatives/{number}/close",
            initiatives::page::close_form,
            initiatives::page::close,
        )
        .signed::<initiatives::write::RetrospectiveOnTable>(
            "/w/{workspace}/initiatives/{number}/retrospective/sign",
            "/w/{workspace}/initiatives/{number}/retrospective/withdraw",
        )
        .post(
            "/w/{workspace}/initiatives/{number}/retrospective/take-back",
            initiatives::page::take_back,
        )
        .get(
            "/w/{workspace}/initiatives/{number}/retrospective",
            initiatives::page::retrospective,
        )
        .form(
            "/w/{workspace}/initiatives/{number}/milestones/new",
            milestones::page::new,
            milestones::page::create,
        )
        // Reviews.
        .get("/w/{workspace}/reviews", reviews::page::list)
        .form(
            "/w/{workspace}/reviews/new",
            reviews::page::new,
            reviews::page::plan,
        )
        .form(
            "/w/{workspace}/reviews/rhythm",
            reviews::page::rhythm_form,
            reviews::page::rhythm,
        )
        .get("/w/{workspace}/reviews/{number}", reviews::page::show)
        .form(
            "/w/{workspace}/reviews/{number}/edit",
            reviews::page::change_form,
            reviews::page::change,
        )
        .form(
            "/w/{workspace}/reviews/{number}/skip",
            reviews::page::skip_form,
            reviews::page::skip,
        )
        .get(
            "/w/{workspace}/reviews/{number}/calendar.ics",
            reviews::page::calendar,
        )
        .post("/w/{workspace}/reviews/{number}/topics", reviews::page::raise)
        .post(
            "/w/{workspace}/reviews/{number}/items/{item}",
            reviews::page::set_item_state,
        )
        .form(
            "/w/{workspace}/reviews/{number}/items/{item}/plan",
            reviews::page::plan_item_form,
            reviews::page::plan_item,
        )
        .form(
            "/w/{workspace}/reviews/{number}/freeze",
            reviews::page::freeze_form,
            reviews::page::freeze,
        )
        .post(
            "/w/{workspace}/reviews/{number}/freeze/ask",
            reviews::page::ask_missing,
        )
        .post("/w/{workspace}/reviews/{number}/thaw", reviews::page::thaw)
        .get("/w/{workspace}/reviews/{number}/facts", reviews::page::facts)
        .get("/w/{workspace}/reviews/{number}/changes", reviews::page::changes)
        .post("/w/{workspace}/reviews/{number}/start", reviews::page::start)
        .post(
            "/w/{workspace}/reviews/{number}/take-back",
            reviews::page::take_start_back,
        )
        .post(
            "/w/{workspace}/reviews/{number}/take-stage",
            reviews::page::take_stage,
        )
        .post("/w/{workspace}/reviews/{number}/go", reviews::page::go)
        .get(
            "/w/{workspace}/reviews/{number}/present",
            reviews::page::present_first,
        )
        .get(
            "/w/{workspace}/reviews/{number}/present/{item}",
            reviews::page::present,
        )
        .get("/w/{workspace}/reviews/{number}/live", reviews::page::live)
        .post(
            "/w/{workspace}/reviews/{number}/present/{item}/notes",
            reviews::page::note,
        )
        .post(
            "/w/{workspace}/reviews/{number}/present/{item}/actions",
            reviews::page::give_action,
        )
        .post(
            "/w/{workspace}/reviews/{number}/attendance",
            reviews::page::mark_present,
        )
        .post("/w/{workspace}/reviews/{number}/end", reviews::page::end)
        .post("/w/{workspace}/reviews/{number}/resume", reviews::page::resume)
        .get("/w/{workspace}/reviews/{number}/minutes", reviews::page::minutes)
        .form(
            "/w/{workspace}/reviews/{number}/minutes/edit",
            reviews::page::write_form,
            reviews::page::write,
        )
        .post(
            "/w/{workspace}/reviews/{number}/minutes/offer",
            reviews::page::offer,
        )
        .signed::<reviews::write::MinutesOnTable>(
            "/w/{workspace}/reviews/{number}/minutes/sign",
            "/w/{workspace}/reviews/{number}/minutes/withdraw",
        )
        .form(
            "/w/{workspace}/reviews/{number}/addenda/new",
            reviews::page::addendum_form,
            reviews::page::add_addendum,
        )
        .get(
            "/w/{workspace}/reviews/{number}/addenda/{addendum}",
            reviews::page::addendum,
        )
        .post(
            "/w/{workspace}/reviews/{number}/addenda/{addendum}/take-back",
            reviews::page::take_back_addendum,
        )
        .signed::<reviews::write::AddendumOnTable>(
            "/w/{workspace}/reviews/{number}/addenda/{addendum}/sign",
            "/w/{workspace}/reviews/{number}/addenda/{addendum}/withdraw",
        )
        .form(
            "/w/{workspace}/reviews/{number}/actions/{id}",
            reviews::page::settle_form,
            reviews::page::settle,
        )
        // Decisions.
        .get("/w/{workspace}/decisions", decisions::page::list)
        .form(
            "/w/{workspace}/decisions/new",
            decisions::page::new,
            decisions::page::create,
        )
        .get("/w/{workspace}/decisions/{number}", decisions::page::show)
        .form(
            "/w/{workspace}/decisions/{number}/edit",
            decisions::page::edit,
            decisions::page::update,
        )
        .form(
            "/w/{workspace}/decisions/{number}/options/new",
            decisions::page::new_option,
            decisions::page::create_option,
        )
        .form(
            "/w/{workspace}/decisions/{number}/options/{id}/edit",
            decisions::page::edit_option,
            decisions::page::update_option,
        )
        .post(
            "/w/{workspace}/decisions/{number}/options/{id}/archive",
            decisions::page::archive_option,
        )
        .form(
            "/w/{workspace}/decisions/{number}/propose",
            decisions::page::propose_form,
            decisions::page::propose,
        )
        .signed::<decisions::write::DecisionOnTable>(
            "/w/{workspace}/decisions/{number}/sign",
            "/w/{workspace}/decisions/{number}/withdraw",
        )
        .get(
            "/w/{workspace}/decisions/{number}/weights",
            decisions::page::weights,
        )
        .form(
            "/w/{workspace}/decisions/{number}/weights/edit",
            decisions::page::edit_weights,
            decisions::page::weigh,
        )
        .signed::<decisions::write::WeightsOnTable>(
            "/w/{workspace}/decisions/{number}/weights/sign",
            "/w/{workspace}/decisions/{number}/weights/withdraw",
        )
        .form(
            "/w/{workspace}/decisions/{number}/scoring/open",
            decisions::page::open_scoring_form,
            decisions::page::open_scoring,
        )
        .post(
            "/w/{workspace}/decisions/{number}/scoring/close",
            decisions::page::close_scoring,
        )
        .form(
            "/w/{workspace}/decisions/{number}/score",
            decisions::page::score_form,
            decisions::page::score,
        )
        .get(
            "/w/{workspace}/decisions/{number}/scores",
            decisions::page::scores,
        )
        .post("/w/{workspace}/decisions/{number}/waits", decisions::page::hold)
        .post(
            "/w/{workspace}/decisions/{number}/waits/{id}/end",
            decisions::page::release,
        )
        .form(
            "/w/{workspace}/decisions/{number}/statement",
            decisions::page::statement_form,
            decisions::page::state_case,
        )
        .form(
            "/w/{workspace}/decisions/{number}/rule",
            decisions::page::rule_form,
            decisions::page::rule,
        )
        .form(
            "/w/{workspace}/decisions/{number}/review",
            decisions::page::review_form,
            decisions::page::review,
        )
        .get(
            "/w/{workspace}/decisions/{number}/record.md",
            decisions::page::markdown,
        )
        .get("/w/{workspace}/decisions/export.csv", decisions::page::csv)
        // Technologies.
        .get("/w/{workspace}/sources", sources::page::sources)
        .get("/w/{workspace}/sources/map", sources::page::map)
        .form(
            "/w/{workspace}/sources/profile",
            sources::page::profile,
            sources::page::name_profile,
        )
        .get("/w/{workspace}/sources/tables", sources::page::tables)
        .get("/w/{workspace}/sources/files/{file}", sources::page::table_file)
        .get("/w/{workspace}/sources/tables/{table}", sources::page::table_form)
        .post(
            "/w/{workspace}/sources/tables/{table}/preview",
            sources::page::preview_table,
        )
        .post(
            "/w/{workspace}/sources/tables/{table}/confirm",
            sources::page::confirm_table,
        )
        .get("/w/{workspace}/sources/quarters", sources::page::quarters)
        .post("/w/{workspace}/sources/quarters", sources::page::draw_quarter)
        .post("/w/{workspace}/sources/belief", sources::page::say_belief)
        .get("/w/{workspace}/sources/quarters/{period}", sources::page::quarter)
        .signed::<sources::write::QuarterOnTable>(
            "/w/{workspace}/sources/quarters/{period}/sign",
            "/w/{workspace}/sources/quarters/{period}/withdraw",
        )
        .signed::<sources::write::ProfileOnTable>(
            "/w/{workspace}/sources/profile/sign",
            "/w/{workspace}/sources/profile/withdraw",
        )
        .form(
            "/w/{workspace}/sources/touchpoints/new",
            sources::page::name_touchpoint_form,
            sources::page::name_touchpoint,
        )
        .get(
            "/w/{workspace}/sources/touchpoints/{number}",
            sources::page::touchpoint,
        )
        .form(
            "/w/{workspace}/sources/touchpoints/{number}/edit",
            sources::page::change_touchpoint_form,
            sources::page::change_touchpoint,
        )
        .post(
            "/w/{workspace}/sources/touchpoints/{number}/take",
            sources::page::take_touchpoint,
        )
        .form(
            "/w/{workspace}/sources/touchpoints/{number}/retire",
            sources::page::retire_touchpoint_form,
            sources::page::retire_touchpoint,
        )
        .form(
            "/w/{workspace}/sources/touchpoints/{number}/words",
            sources::page::say_of_touchpoint_form,
            sources::page::say_of_touchpoint,
        )
        .get("/w/{workspace}/sources/record", sources::page::record)
        .get("/w/{workspace}/sources/record.csv", sources::page::record_csv)
        .form(
            "/w/{workspace}/sources/record/head",
            sources::page::head_form,
            sources::page::set_head,
        )
        .form(
            "/w/{workspace}/sources/{number}/uses/new",
            sources::page::add_use_form,
            sources::page::add_use,
        )
        .form(
            "/w/{workspace}/sources/stages",
            sources::page::stages_form,
            sources::page::name_stages,
        )
        .get(
            "/w/{workspace}/sources/{number}/uses/{use}",
            sources::page::one_use,
        )
        .form(
            "/w/{workspace}/sources/{number}/uses/{use}/edit",
            sources::page::change_use_form,
            sources::page::change_use,
        )
        .post(
            "/w/{workspace}/sources/{number}/uses/{use}/remove",
            sources::page::remove_use,
        )
        .form(
            "/w/{workspace}/sources/new",
            sources::page::enter_form,
            sources::page::enter,
        )
        .get("/w/{workspace}/sources/{number}", sources::page::source)
        .form(
            "/w/{workspace}/sources/{number}/edit",
            sources::page::change_form,
            sources::page::change,
        )
        .post("/w/{workspace}/sources/{number}/offer", sources::page::offer)
        .post("/w/{workspace}/sources/{number}/keep", sources::page::keep)
        .signed::<sources::write::EntryOnTable>(
            "/w/{workspace}/sources/{number}/sign",
            "/w/{workspace}/sources/{number}/withdraw",
        )
        .signed::<sources::write::EndOnTable>(
            "/w/{workspace}/sources/{number}/retire/sign",
            "/w/{workspace}/sources/{number}/retire/withdraw",
        )
        .form(
            "/w/{workspace}/sources/{number}/chairs",
            sources::page::chairs_form,
            sources::page::give_chair,
        )
        .get(
            "/w/{workspace}/sources/{number}/contract",
            sources::page::contract,
        )
        .form(
            "/w/{workspace}/sources/{number}/levels",
            sources::page::levels_form,
            sources::page::read_levels,
        )
        .form(
            "/w/{workspace}/sources/{number}/words",
            sources::page::say_of_source_form,
            sources::page::say_of_source,
        )
        .form(
            "/w/{workspace}/sources/{number}/retire",
            sources::page::retire_form,
            sources::page::retire,
        )
        .get("/w/{workspace}/technologies", technologies::page::technologies)
        .form(
            "/w/{workspace}/technologies/new",
            technologies::page::new_technology,
            technologies::page::enter_technology,
        )
        .get(
            "/w/{workspace}/technologies/{number}",
            technologies::page::technology,
        )
        .form(
            "/w/{workspace}/technologies/{number}/edit",
            technologies::page::edit_technology,
            technologies::page::change_technology,
        )
        .signed::<technologies::write::MoveOnTable>(
            "/w/{workspace}/technologies/{number}/sign",
            "/w/{workspace}/technologies/{number}/withdraw",
        )
        .form(
            "/w/{workspace}/technologies/{number}/move",
            technologies::page::move_form,
            technologies::page::move_technology,
        )
        // Milestones and checkpoints.
        .get("/w/{workspace}/milestones", milestones::page::list)
        .get(
            "/w/{workspace}/milestones/archived",
            milestones::page::archive_list,
        )
        .form(
            "/w/{workspace}/milestones/baselines",
            milestones::page::baselines,
            milestones::page::propose_baseline,
        )
        .get(
            "/w/{workspace}/milestones/baselines/{number}",
            milestones::page::baseline,
        )
        .signed::<milestones::write::BaselineOnTable>(
            "/w/{workspace}/milestones/baselines/{number}/sign",
            "/w/{workspace}/milestones/baselines/{number}/withdraw",
        )
        .get("/w/{workspace}/milestones/{number}", milestones::page::show)
        .post(
            "/w/{workspace}/milestones/{number}/waits",
            milestones::page::wait_for,
        )
        .post(
            "/w/{workspace}/milestones/{number}/waits/{id}/end",
            milestones::page::stop_waiting,
        )
        .post(
            "/w/{workspace}/milestones/{number}/waits/access/{id}/end",
            milestones::page::stop_waiting_for_access,
        )
        .form(
            "/w/{workspace}/milestones/{number}/checkpoints/paste",
            milestones::page::paste_form,
            milestones::page::paste,
        )
        .form(
            "/w/{workspace}/milestones/{number}/bulk",
            milestones::page::bulk_form,
            milestones::page::bulk,
        )
        .post(
            "/w/{workspace}/milestones/{number}/bulk/{id}/undo",
            milestones::page::undo,
        )
        .form(
            "/w/{workspace}/milestones/{number}/edit",
            milestones::page::edit,
            milestones::page::update,
        )
        .form(
            "/w/{workspace}/milestones/{number}/archive",
            milestones::page::archive_form,
            milestones::page::archive,
        )
        .form(
            "/w/{workspace}/milestones/{number}/move",
            milestones::page::move_form,
            milestones::page::move_post,
        )
        .signed::<milestones::write::MilestoneOnTable>(
            "/w/{workspace}/milestones/{number}/sign",
            "/w/{workspace}/milestones/{number}/withdraw",
        )
        .form(
            "/w/{workspace}/milestones/{number}/checkpoints/new",
            milestones::page::new_checkpoint,
            milestones::page::create_checkpoint,
        )
        .form(
            "/w/{workspace}/checkpoints/{id}/edit",
            milestones::page::edit_checkpoint,
            milestones::page::update_checkpoint,
        )
        .post(
            "/w/{workspace}/checkpoints/{id}/archive",
            milestones::page::archive_checkpoint,
        )
        .form(
            "/w/{workspace}/checkpoints/{id}/pass",
            milestones::page::pass_form,
            milestones::page::pass,
        )
        .post("/w/{workspace}/checkpoints/{id}/reopen", milestones::page::reopen)
        .post("/w/{workspace}/checkpoints/{id}/accept", milestones::page::accept)
        .post(
            "/w/{workspace}/checkpoints/{id}/accept/withdraw",
            milestones::page::withdraw_acceptance,
        )
        .form(
            "/w/{workspace}/checkpoints/{id}/return",
            milestones::page::return_form,
            milestones::page::return_post,
        )
        .get("/w/{workspace}/checkpoints/{id}/file", milestones::page::file)
        // KPIs.
        .get("/w/{workspace}/kpis", kpis::page::list)
        .form("/w/{workspace}/kpis/new", kpis::page::new, kpis::page::create)
        .get("/w/{workspace}/kpis/{number}", kpis::page::show)
        .form(
            "/w/{workspace}/kpis/{number}/edit",
            kpis::page::edit,
            kpis::page::update,
        )
        .form(
            "/w/{workspace}/kpis/{number}/archive",
            kpis::page::archive_form,
            kpis::page::archive,
        )
        .form(
            "/w/{workspace}/kpis/{number}/targets",
            kpis::page::targets_form,
            kpis::page::propose_targets,
        )
        .get(
            "/w/{workspace}/kpis/{number}/targets/proposal",
            kpis::page::proposal,
        )
        .signed::<kpis::write::TargetsOnTable>(
            "/w/{workspace}/kpis/{number}/targets/proposal/sign",
            "/w/{workspace}/kpis/{number}/targets/proposal/withdraw",
        )
        .post(
            "/w/{workspace}/kpis/{number}/targets/proposal/take-back",
            kpis::page::take_targets_back,
        )
        .form(
            "/w/{workspace}/kpis/{number}/formula",
            kpis::page::formula_form,
            kpis::page::set_formula,
        )
        .form(
            "/w/{workspace}/kpis/{number}/feeds",
            kpis::page::feeds,
            kpis::page::issue_feed,
        )
        .post(
            "/w/{workspace}/kpis/{number}/feeds/{id}/end",
            kpis::page::end_feed,
        )
        .form(
            "/w/{workspace}/kpis/import",
            kpis::page::import_form,
            kpis::page::preview_import,
        )
        .get("/w/{workspace}/kpis/import/template.csv", kpis::page::template)
        .post("/w/{workspace}/kpis/import/again", kpis::page::look_again)
        .post("/w/{workspace}/kpis/import/confirm", kpis::page::confirm_import)
        .post("/api/kpi-values", kpis::page::deliver)
        .get(
            "/w/{workspace}/kpis/{number}/periods/{period}",
            kpis::page::period,
        )
        .form(
            "/w/{workspace}/kpis/{number}/periods/{period}/value",
            kpis::page::period,
            kpis::page::enter,
        )
        .form(
            "/w/{workspace}/kpis/{number}/periods/{period}/attest",
            kpis::page::period,
            kpis::page::attest,
        )
        .post(
            "/w/{workspace}/kpis/{number}/periods/{period}/withdraw",
            handshake::page::withdraw::<kpis::write::PeriodOnTable>,
        )
        // Goals and the access that cites them.
        .get("/w/{workspace}/goals", goals::page::list)
        .form("/w/{workspace}/goals/new", goals::page::new, goals::page::create)
        .get("/w/{workspace}/goals/{number}", goals::page::show)
        .form(
            "/w/{workspace}/goals/{number}/edit",
            goals::page::edit,
            goals::page::update,
        )
        .form(
            "/w/{workspace}/goals/{number}/archive",
            goals::page::archive_form,
            goals::page::archive,
        )
        .form(
            "/w/{workspace}/goals/{number}/access",
            goals::page::ask_form,
            goals::page::ask,
        )
        // Access.
        .get("/w/{workspace}/access", access::page::list)
        .get("/w/{workspace}/access/new", goals::page::choose_goal)
        .get("/w/{workspace}/access/{number}", access::page::request)
        .signed::<access::write::RequestOnTable>(
            "/w/{workspace}/access/{number}/sign",
            "/w/{workspace}/access/{number}/withdraw",
        )
        .post("/w/{workspace}/access/{number}/grant", access::page::grant)
        .post("/w/{workspace}/access/{number}/shut", access::page::shut)
        .form(
            "/w/{workspace}/access/{number}/certify",
            access::page::certify_form,
            access::page::certify,
        )
        .form(
            "/w/{workspace}/access/{number}/copies",
            access::page::copies_form,
            access::page::copies,
        )
        .form(
            "/w/{workspace}/access/{number}/end",
            access::page::end_form,
            access::page::end,
        )
        // Members.
        .talk::<decisions::write::DecisionTalk>([
            "/w/{workspace}/decisions/{number}/comments",
            "/w/{workspace}/decisions/{number}/comments/{id}/edit",
            "/w/{workspace}/decisions/{number}/comments/{id}/withdraw",
        ])
        .talk::<milestones::write::MilestoneTalk>([
            "/w/{workspace}/milestones/{number}/comments",
            "/w/{workspace}/milestones/{number}/comments/{id}/edit",
            "/w/{workspace}/milestones/{number}/comments/{id}/withdraw",
        ])
        .talk::<kpis::write::PeriodTalk>([
            "/w/{workspace}/kpis/{number}/periods/{period}/comments",
            "/w/{workspace}/kpis/{number}/periods/{period}/comments/{id}/edit",
            "/w/{workspace}/kpis/{number}/periods/{period}/comments/{id}/withdraw",
        ])
        .talk::<access::talk::AccessTalk>([
            "/w/{workspace}/access/{number}/comments",
            "/w/{workspace}/access/{number}/comments/{id}/edit",
            "/w/{workspace}/access/{number}/comments/{id}/withdraw",
        ])
        .get("/w/{workspace}/comments/names", comments::page::names)
        .get("/w/{workspace}/members", members::page::list)
        .form(
            "/w/{workspace}/members/invite",
            members::page::invitations::new,
            members::page::invitations::create,
        )
        .form(
            "/w/{workspace}/members/delegation",
            members::page::delegation::delegation_form,
            members::page::delegation::delegate_post,
        )
        .post(
            "/w/{workspace}/members/delegations/{id}/end",
            members::page::delegation::end_post,
        )
        .form(
            "/w/{workspace}/settings",
            members::page::settings::settings,
            members::page::settings::change_settings,
        )
        .form(
            "/w/{workspace}/members/arbiter",
            members::page::arbiter::arbiter_form,
            members::page::arbiter::name_arbiter,
        )
        .post(
            "/w/{workspace}/members/invitations/{id}/withdraw",
            members::page::invitations::withdraw_post,
        )
        .post(
            "/w/{workspace}/members/invitations/{id}/again",
            members::page::invitations::again_post,
        )
        .get("/w/{workspace}/members/{id}", handovers::page::one)
        .form(
            "/w/{workspace}/members/{id}/edit",
            members::page::edit,
            handovers::page::change,
        )
        .form(
            "/w/{workspace}/members/{id}/hand-over",
            members::page::hand_over_form,
            members::page::hand_over_post,
        )
        .form(
            "/w/{workspace}/members/{id}/disable",
            handovers::page::disable_form,
            handovers::page::disable,
        )
        .post(
            "/w/{workspace}/members/letters/retry",
            members::page::undelivered::retry_post,
        )
        .post("/w/{workspace}/members/{id}/enable", members::page::enable)
}
