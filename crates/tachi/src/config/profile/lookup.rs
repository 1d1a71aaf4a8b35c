//! Where the settings of profiles are looked for.

use toml::{Table, Value};

use super::ProfileSources;

/// The profiles that every workspace has.
const CARGOS: [&str; 4] = ["dev", "release", "test", "bench"];

/// Settings of profiles, by strength: variable, configuration, manifest, Tachi's own.
pub(super) struct Lookup<'a> {
    pub(super) sources: ProfileSources<'a>,
    /// `[profile]` of cargo's configuration.
    pub(super) configured: Table,
    /// Tachi's.
    pub(super) ours: Table,
}

impl Lookup<'_> {
    fn get(&self, profile: &str, key: &str) -> Option<Value> {
        let variable = self.sources.config.profile_variable(profile, key);
        let in_table = |table: &Table| table.get(profile)?.as_table()?.get(key).cloned();
        variable
            .map(|value| Value::String(value.to_owned()))
            .or_else(|| in_table(&self.configured))
            .or_else(|| in_table(self.sources.manifest))
    }

    /// The profile that a profile inherits from, by cargo's rules.
    pub(super) fn parent(&self, profile: &str) -> Option<String> {
        match profile {
            "dev" | "release" => return None,
            "test" => return Some("dev".into()),
            "bench" => return Some("release".into()),
            _ => {}
        }
        let own = self.get(profile, "inherits");
        let value = own.or_else(|| self.ours(profile, "inherits"))?;
        value.as_str().map(str::to_owned)
    }

    /// A profile's setting for `key`: the user's, or Tachi's where Tachi fills the profile in.
    pub(super) fn holds(&self, profile: &str, key: &str) -> Option<Value> {
        let ours = || self.is_filled_in(profile).then(|| self.ours(profile, key)).flatten();
        self.get(profile, key).or_else(ours)
    }

    /// Tachi's settings for `profile` that cargo has to be given, as values of `--config`.
    pub(super) fn injected(&self, profile: &str) -> Vec<String> {
        let settings = self.ours.get(profile).and_then(Value::as_table);
        let settings = settings.filter(|_| self.is_filled_in(profile)).into_iter().flatten();
        settings
            .filter(|(key, _)| self.get(profile, key).is_none())
            .map(|(key, value)| format!("profile.{profile}.{key}={value}"))
            .collect()
    }

    /// The names of all profiles, sorted.
    pub(super) fn known(&self) -> Vec<&str> {
        let tables = [&self.ours, self.sources.manifest, &self.configured];
        let defined = tables.into_iter().flat_map(|table| table.keys().map(String::as_str));
        let mut names: Vec<&str> = CARGOS.into_iter().chain(defined).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Whether Tachi fills a profile in. A profile that the user has defined stays as it is, except
    /// `release`, which every workspace has.
    fn is_filled_in(&self, profile: &str) -> bool {
        let tables = [self.sources.manifest, &self.configured];
        profile == "release" || tables.iter().all(|table| !table.contains_key(profile))
    }

    fn ours(&self, profile: &str, key: &str) -> Option<Value> {
        self.ours.get(profile)?.as_table()?.get(key).cloned()
    }
}
