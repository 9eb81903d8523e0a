import { dump } from 'js-yaml';
import type { Files } from './run.ts';

/** A chart with one Database for each name in its values. */
export const CHART: Files = {
  'chart/Chart.yaml': dump({ apiVersion: 'v2', name: 'shop', version: '1.0.0' }),
  'chart/values.yaml': dump({ databases: { orders: '20Gi' } }),
  'chart/templates/databases.yaml': `{{- range $name, $size := .Values.databases }}
---
apiVersion: db.example.com/v1alpha1
kind: Database
metadata:
  name: {{ $name }}
  namespace: {{ $.Release.Namespace }}
spec:
  version: "17"
  storage: {size: {{ $size }}}
{{- end }}
`,
};
