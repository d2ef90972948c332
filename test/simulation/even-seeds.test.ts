import { simulate } from './simulate.ts'

simulate({ first: 2, every: 2 })
