// Declares the APIs through which the tests run: declare.mjs RUN.JSON ORIGIN-URL
import { readFileSync } from 'node:fs'

const [file, origin] = process.argv.slice(2)
const run = JSON.parse(readFileSync(file))
const token = readFileSync(run.adminTokenFile, 'utf8').trim()
const service = `${run.management}/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/gateway`
const lookup = '<cache-lookup vary-by-developer="false" vary-by-developer-groups="false" downstream-caching-type="public" />'
// Keeps what the backend says may be kept, for as long as it says.
const life = `@{
  var directives = context.Response.Headers.GetValueOrDefault("Cache-Control", "").ToLowerInvariant().Split(',').Select(d => d.Trim()).ToArray();
  foreach (var name in new[] { "s-maxage=", "max-age=" }) {
    var found = directives.FirstOrDefault(d => d.StartsWith(name));
    int seconds;
    if (found != null && int.TryParse(found.Substring(name.Length), out seconds)) { return directives.Contains("no-cache") ? 0 : seconds; }
  }
  DateTimeOffset ends;
  return DateTimeOffset.TryParse(context.Response.Headers.GetValueOrDefault("Expires", ""), out ends) ? (int)Math.Min(1000000, Math.Max(0, (ends - DateTimeOffset.UtcNow).TotalSeconds)) : 0;
}`
// The gateway says for itself what may be cached downstream: these are kept under another name, and set again behind the cache.
const said = ['Cache-Control', 'Expires']
const set = (to, from) => `<choose><when condition="@(context.Response.Headers.ContainsKey(&quot;${from}&quot;))"><set-header name="${to}"><value>@(context.Response.Headers.GetValueOrDefault("${from}", ""))</value></set-header></when></choose>`
const policies = {
  plain: ['', ''],
  duration: [lookup, '<cache-store duration="3600" />'],
  'as-said': [lookup, `${said.map(name => set(`X-Said-${name}`, name)).join('')}
    <set-variable name="life" value="${life.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')}" />
    <choose><when condition="@((int)context.Variables[&quot;life&quot;] &gt; 0)"><cache-store duration="@((int)context.Variables[&quot;life&quot;])" cache-response="true" /></when></choose>
    ${said.map(name => `${set(name, `X-Said-${name}`)}<set-header name="X-Said-${name}" exists-action="delete" />`).join('')}`]
}
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'M-SEARCH', 'FOO']
const changes = Object.entries(policies).flatMap(([api, [inbound, outbound]]) => [
  put(`/apis/${api}`, { displayName: api, path: api, protocols: ['http'], serviceUrl: origin, subscriptionRequired: false }),
  ...methods.map(method => put(`/apis/${api}/operations/${method}`, { displayName: method, method, urlTemplate: '/*' })),
  put(`/apis/${api}/policies/policy`, { format: 'xml', value: `<policies><inbound><base />${inbound}</inbound><outbound>${outbound}<base /></outbound></policies>` })
])
const answer = await fetch(`${service}/changes?api-version=2024-05-01`, {
  method: 'POST',
  headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
  body: JSON.stringify({ changes })
})
if (!answer.ok) {
  throw new Error(`${answer.status}: ${await answer.text()}`)
}

for (const api of Object.keys(policies)) {
  for (let tries = 0; (await fetch(`${run.gateway}/${api}/test/none`)).headers.get('content-type')?.includes('json'); tries++) {
    if (tries === 300) throw new Error(`${api} is not served`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}
console.log(run.gateway)

function put (id, properties) {
  return { op: 'put', id, properties }
}
