/** Shows the server's own document. The key, where one is needed, is the page's, and lives until the tab is closed. */
const { sessionStorage: kept, SwaggerUIBundle } = window;
const name = 'vitrail-key';
const form = document.getElementById('ask');

const withKey = (headers) => (kept.getItem(name) === null ? headers : { ...headers, 'X-API-Key': kept.getItem(name) });

async function show() {
  const answer = await fetch('/api/openapi.json', { headers: withKey({}) });
  form.hidden = answer.status !== 401;
  if (!answer.ok) return;
  SwaggerUIBundle({
    spec: await answer.json(),
    domNode: document.getElementById('api'),
    deepLinking: true,
    docExpansion: 'none',
    validatorUrl: null,
    requestInterceptor: (request) => ({ ...request, headers: withKey(request.headers) }),
  });
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  kept.setItem(name, document.getElementById('key').value);
  void show();
});
await show();
