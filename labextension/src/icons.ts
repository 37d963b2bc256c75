import { LabIcon } from '@jupyterlab/ui-components';

/** Versions on top of each other. JupyterLab fills what has the class `jp-icon3`, so the lines are shapes. */
export const registryIcon = new LabIcon({
  name: 'nbregistry:registry',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
  <g class="jp-icon3 jp-icon-selectable" fill="#616161">
    <path d="M12 2 1.5 7.2 12 12.4l10.500-5.200zm0 2.300 5.900 2.900L12 10.100 6.100 7.200z" fill-rule="evenodd"/>
    <path d="m12 17.200-10.500-5.200 2.300-1.100L12 15l8.200-4.100 2.300 1.100z"/>
    <path d="m12 22-10.500-5.200 2.300-1.100L12 19.800l8.200-4.100 2.300 1.100z"/>
  </g>
</svg>`
});
