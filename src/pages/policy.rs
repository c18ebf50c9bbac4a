//! Page: external access policy (Lync).

use crate::edge::Policy;
use crate::form::{Answered, Ask, Content, Kind, Page, PageContext, check};
use crate::name::Name;
use crate::problem::Problem;
use crate::servers::product;
use crate::text::say;

use super::files::out_files;
use super::server::traits;

/// The page.
pub static PAGE: Page = Page {
    shown_if: |answered| traits(answered).has_access_policy,
    validate,
    show,
    actions: |context| out_files(context, product(context.deployment.server).policy(context.deployment, context.text)),
    ..Page::new(
        "policy",
        &[SCOPE.field(), GRANT.field(), FEDERATION_ACCESS.field(), XMPP_ACCESS.field(), ALLOW_FEDERATED_USERS.field()],
    )
};

const SCOPE: Ask<String> = Ask::text("policy.scope", 256).or("global");
/// Users, as the SIP addresses that they sign in with.
const GRANT: Ask<Vec<String>> =
    Ask::texts("policy.grant", &Kind::Text(256)).asked_if(|answered| answered.get(SCOPE).starts_with("user:"));
const FEDERATION_ACCESS: Ask<bool> = Ask::toggle("policy.federation_access").or(true);
const XMPP_ACCESS: Ask<bool> = Ask::toggle("policy.xmpp_access").or(true);
const ALLOW_FEDERATED_USERS: Ask<bool> = Ask::toggle("policy.allow_federated_users").or(true);

/// External access as the answers describe it.
pub fn policy(answered: &Answered) -> Policy {
    Policy {
        scope: answered.get(SCOPE),
        grant: answered.get(GRANT),
        federation_access: answered.get(FEDERATION_ACCESS),
        xmpp_access: answered.get(XMPP_ACCESS),
        allow_federated_users: answered.get(ALLOW_FEDERATED_USERS),
    }
}

fn validate(context: &PageContext, problems: &mut Vec<Problem>) {
    let scope = &context.deployment.policy.scope;
    let named = ["site:", "user:"].iter().filter_map(|prefix| scope.strip_prefix(prefix)).any(is_plain_name);
    if scope != "global" && !named {
        problems.push(check::wrong_kind(SCOPE.path(), scope, say("kind-scope")));
    }
    let grant = context.deployment.policy.grant.iter().enumerate();
    for (index, user) in grant.filter(|(_, user)| *user != "all" && !is_user(user)) {
        problems.push(check::wrong_kind(&GRANT.item(index), user, say("kind-user")));
    }
}

/// Whether a site or policy can be called so; another prefix would make it another policy's identity.
fn is_plain_name(name: &str) -> bool {
    !name.trim().is_empty() && !name.contains(':') && !name.eq_ignore_ascii_case("global")
}

/// Whether a user can sign in so: with or without `sip:`.
fn is_user(said: &str) -> bool {
    let parts = said.strip_prefix("sip:").unwrap_or(said).split_once('@');
    parts.is_some_and(|(user, domain)| {
        !user.is_empty() && !user.contains([' ', '@', '*']) && Name::new(domain).is_sound()
    })
}

fn show(context: &PageContext) -> Vec<Content> {
    let Policy { scope, federation_access, xmpp_access, allow_federated_users, .. } = &context.deployment.policy;
    let leads = if *federation_access && *xmpp_access && *allow_federated_users {
        Content::plain(say("policy-open"))
    } else {
        Content::warning(say("policy-closed"))
    };
    let replaces = scope.starts_with("user:").then(|| Content::warning(say("policy-user-replaces")));
    std::iter::once(leads).chain(replaces).collect()
}
