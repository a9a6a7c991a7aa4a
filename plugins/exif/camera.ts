/** What makers add to their name: `NIKON CORPORATION`, `OLYMPUS IMAGING CORP.`, `RICOH IMAGING COMPANY, LTD.`, `LEICA CAMERA AG`. */
const company = /(?:[\s,]+(?:imaging|camera|optical|electric|electronics|company|corporation|corp|co|ltd|inc|gmbh|ag)\b[.,]*)+$/i;

/** Maker and model as people say them: `Canon` and `Canon EOS R5` are one `Canon EOS R5`, `SONY` and `ILCE-7M3` are both needed. */
export function cameraName(make: string | undefined, model: string | undefined): string | undefined {
  const maker = make?.replace(company, '');
  if (maker === undefined || model === undefined) return model ?? maker;
  const [first = ''] = model.toLowerCase().split(/[\s_-]/, 1);
  const named = maker.toLowerCase().split(/\s+/).includes(first);
  return named ? model : `${maker} ${model}`;
}
