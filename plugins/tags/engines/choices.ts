/** What a person may choose to run networks with. */
export const CHOICES = ['auto', 'onnx', 'tfjs'] as const;
export type Choice = (typeof CHOICES)[number];
