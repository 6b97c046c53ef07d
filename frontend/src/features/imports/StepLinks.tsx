/** The steps of an import as links. */
import { t } from '@lingui/core/macro'
import type { ImportFileNodeFragment } from '@/gql/graphql'
import { formatCount } from '@/lib/language'
import { TextLink } from '@/ui/links'
import { importFileLink } from './links'
import { runOf } from './runs'
import classes from './StepLinks.module.css'
import { type ImportStep, stepLabels } from './search'

interface StepLinksProps {
  file: ImportFileNodeFragment
  current: ImportStep
}

export function StepLinks({ file, current }: StepLinksProps) {
  const rejected = (runOf(file, 'IMPORT') ?? runOf(file, 'CHECK'))?.rejected ?? 0
  const steps = Object.keys(stepLabels) as ImportStep[]
  return (
    <nav aria-label={t`Steps`}>
      <ol className={classes.steps}>
        {steps.map((step, place) => (
          <li key={step}>
            <TextLink
              {...importFileLink(file.id, step)}
              aria-current={step === current ? 'step' : undefined}
              className={step === current ? classes.current : undefined}
            >
              {`${place + 1}. ${stepLabels[step]}`}
              {step === 'rejects' && rejected > 0 && ` (${formatCount(rejected)})`}
            </TextLink>
          </li>
        ))}
      </ol>
    </nav>
  )
}
