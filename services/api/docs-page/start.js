/** Shows the server's own document. A key, where one is needed, is changed for a session's cookie, as on the page of the library. */
const { SwaggerUIBundle } = window;
const form = document.getElementById('ask');

async function show() {
  const answer = await fetch('/api/openapi.json');
  form.hidden = answer.status !== 401;
  if (!answer.ok) return;
  SwaggerUIBundle({
    spec: await answer.json(),
    domNode: document.getElementById('api'),
    deepLinking: true,
    docExpansion: 'list',
    validatorUrl: null,
  });
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const body = JSON.stringify({ key: document.getElementById('key').value });
  const answer = await fetch('/api/session', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
  document.getElementById('wrong').textContent = answer.ok ? '' : (await answer.json()).detail;
  if (answer.ok) await show();
});
await show();
