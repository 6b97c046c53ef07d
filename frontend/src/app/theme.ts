/**
 * Colours and sizes, with the fixes that make Mantine's defaults pass WCAG AA. The components are
 * not imported here, since the first screen needs only some of them.
 */
import { t } from '@lingui/core/macro'
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

const petrol: MantineColorsTuple = [
  '#e5f6f8',
  '#cbeaee',
  '#9bd6de',
  '#69c1cd',
  '#43b0bf',
  '#25a1b2',
  '#128fa0',
  '#087b8c',
  '#0a6877',
  '#07535f',
]

export const theme = createTheme({
  colors: { petrol },
  primaryColor: 'petrol',
  primaryShade: { light: 8, dark: 8 },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily:
    'Inter, -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue", Arial, ' +
    'sans-serif',
  fontFamilyMonospace:
    'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1rem', lineHeight: '1.4' },
      h3: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  components: {
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 28 } },
    Badge: { defaultProps: { variant: 'default', radius: 'sm', size: 'md' } },
    Button: { defaultProps: { size: 'sm' } },
    Menu: {
      defaultProps: {
        shadow: 'md',
        withInitialFocusPlaceholder: false,
        position: 'bottom-end',
        transitionProps: { duration: 80 },
      },
    },
    Modal: {
      defaultProps: {
        // It is not a banner of the page.
        attributes: { header: { role: 'presentation' } },
        closeButtonProps: { 'aria-label': t`Close dialog` },
        transitionProps: { duration: 120, transition: 'fade' },
        overlayProps: { backgroundOpacity: 0.45 },
        styles: {
          content: { backgroundColor: 'var(--tenure-surface)' },
          header: { backgroundColor: 'var(--tenure-surface)' },
          title: {
            fontWeight: 650,
            fontSize: '1.0625rem',
            lineHeight: 1.3,
            overflowWrap: 'anywhere',
          },
          body: { paddingTop: 6 },
        },
      },
    },
    Paper: { defaultProps: { withBorder: true } },
    SegmentedControl: { defaultProps: { transitionDuration: 0 } },
    Select: { defaultProps: { comboboxProps: { shadow: 'md' } } },
    Table: {
      defaultProps: {
        verticalSpacing: 7,
        horizontalSpacing: 'sm',
        highlightOnHoverColor: 'var(--tenure-hover)',
      },
    },
    Tooltip: { defaultProps: { openDelay: 250, withArrow: true } },
  },
})

export const contrastFixes: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#495057',
    '--mantine-color-placeholder': '#6c757d',
    '--mantine-color-error': '#c92a2a',
    '--mantine-color-body': '#fbfcfc',
    '--tenure-surface': '#ffffff',
    '--tenure-hover': '#f3f6f6',
    '--tenure-control': '#868e96',
    '--tenure-good': '#2b8a3e',
    '--tenure-waiting': '#b35900',
    '--tenure-ended': '#5c636a',
    '--tenure-bad': '#c92a2a',
    '--tenure-busy': '#0a6877',
  },
  dark: {
    '--mantine-color-dimmed': '#b8b8b8',
    '--mantine-color-placeholder': '#9a9a9a',
    '--mantine-color-error': '#ff8787',
    '--mantine-color-body': '#191b1c',
    '--tenure-surface': '#212425',
    '--tenure-hover': '#2a2e2f',
    '--tenure-control': '#7d8286',
    '--tenure-good': '#69db7c',
    '--tenure-waiting': '#ffc078',
    '--tenure-ended': '#b8bcc0',
    '--tenure-bad': '#ff8787',
    '--tenure-busy': '#69c1cd',
  },
})
