/** Before anything is drawn: the colours that were chosen on this device, where it is not to be those of the system. */
{
  const chosen = localStorage.getItem('vitrail-theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
}
