/** Where programs, the user's home and temporary files are, and how the network is reached. */
const COMMON = [
  ...["PATH", "HOME", "USER", "LANG", "LC_ALL", "TMPDIR", "TMP", "TEMP"],
  ...["APPDATA", "LOCALAPPDATA", "USERPROFILE", "SYSTEMROOT", "COMSPEC", "PATHEXT"],
  ...["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"],
  ...["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"],
];
/** Settings of npm and pip that say where packages come from, by whose name, and how long to wait. */
const NPM =
  /^npm_config_(?:registry|userconfig|globalconfig|cache|ca|cafile|cert|key|proxy|https_proxy|noproxy|strict_ssl|fetch_\w+|\/\/.*|@[^/]+:registry)$/i;
const PIP =
  /^PIP_(?:INDEX_URL|EXTRA_INDEX_URL|FIND_LINKS|NO_INDEX|TRUSTED_HOST|CERT|CLIENT_CERT|PROXY|TIMEOUT|DEFAULT_TIMEOUT|RETRIES|CACHE_DIR|NO_CACHE_DIR|CONFIG_FILE)$/;

/**
 * The variables that npm and pip get of an environment: those that say where packages come from. A user's other settings,
 * such as PYTHONPATH, NODE_OPTIONS or PIP_NO_BINARY, would change what is installed or how.
 */
export function installerEnvironment(variables: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const passes = (name: string) => COMMON.includes(name.toUpperCase()) || NPM.test(name) || PIP.test(name);
  const kept = Object.entries(variables).filter(([name, value]) => value !== undefined && passes(name));
  return Object.fromEntries(kept) as Record<string, string>;
}
