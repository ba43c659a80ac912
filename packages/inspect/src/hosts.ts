/** Pasted text -> the hosts in it. A session may be bound to one of them. */

const MAX_HOSTS = 4;
const MAX_LENGTH = 262; // a name of 253 characters with a port

/**
 * Returns the hosts in URLs and in `Host` and `:authority` headers, in the order of the text, and then the domains of cookies: at most 4. Takes
 * linear time.
 *
 * @param domains the Domain attributes of cookies.
 */
export function readHosts(text: string, domains: readonly string[]): string[] {
  const pattern =
    /(?:\bhttps?:\/\/|(?<![\w-])(?:host|:authority)["']?\s{0,8}:\s{0,8}["']?)([a-z0-9.-]+(?::\d{1,5})?)/gi;
  const hosts = new Set<string>();
  for (const [, host = ''] of text.matchAll(pattern)) {
    if (host.length <= MAX_LENGTH) hosts.add(host.toLowerCase());
    if (hosts.size === MAX_HOSTS) return [...hosts];
  }
  for (const domain of domains) hosts.add(domain.replace(/^\./, '').toLowerCase());
  return [...hosts].filter((host) => host !== '' && host.length <= MAX_LENGTH).slice(0, MAX_HOSTS);
}
